import { Alert, Title } from '@patternfly/react-core';
import { useEffect, useState, type ReactNode } from 'react';
import { askBrowserSession, signInAddress, type BrowserSession } from '../connection/browser-session.js';
import { messages } from '../messages/messages.js';
import { useSession } from './session-context.js';
import { TokenForm } from './token-form.js';

const texts = messages.signIn;

interface Way {
  href: string;
  title: string;
}

function waysOf({ providers, isLocalOpen }: BrowserSession): Way[] {
  const here = window.location;
  const ofProviders = providers.map(({ name, title }) => ({
    href: signInAddress(here, name),
    title: texts.with(title),
  }));
  return isLocalOpen ? [...ofProviders, { href: signInAddress(here), title: texts.local }] : ofProviders;
}

/** Ways to sign in, at the address to which one comes back. Who signs in in another tab is let in here, too. */
export function SignIn(): ReactNode {
  const session = useSession();
  const [fault, setFault] = useState(session.reason());
  const [ways, setWays] = useState<readonly Way[]>([]);
  useEffect(() => {
    const ask = async (mayEnter: boolean): Promise<void> => {
      const state = await askBrowserSession();
      setWays(waysOf(state));
      if (state.signedIn && mayEnter) session.enter(state.actor);
    };
    const back = (): void => void ask(true);
    void ask(false);
    window.addEventListener('focus', back);
    return () => window.removeEventListener('focus', back);
  }, [session]);
  return (
    <main className="isthmus-sign-in">
      <Title headingLevel="h1">{texts.title}</Title>
      {fault === undefined ? null : <Alert variant="danger" component="h2" isInline title={fault} role="alert" />}
      {ways.map(({ href, title }) => (
        <p key={href}>
          <a href={href} className="pf-v6-c-button pf-m-primary pf-m-block isthmus-provider">
            {title}
          </a>
        </p>
      ))}
      {ways.length === 0 ? null : <Title headingLevel="h2">{texts.orToken}</Title>}
      <TokenForm tell={setFault} isSecond={ways.length > 0} />
    </main>
  );
}
