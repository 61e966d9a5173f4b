import { Alert, Title } from '@patternfly/react-core';
import { useEffect, useState, type ReactNode } from 'react';
import { askBrowserSession, providerAddress, type BrowserSession } from '../connection/browser-session.js';
import { messages } from '../messages/messages.js';
import { useSession } from './session-context.js';
import { TokenForm } from './token-form.js';

const texts = messages.signIn;

/** Ways to sign in, at the address to which one comes back. Who signs in in another tab is let in here, too. */
export function SignIn(): ReactNode {
  const session = useSession();
  const [fault, setFault] = useState(session.reason());
  const [providers, setProviders] = useState<BrowserSession['providers']>([]);
  useEffect(() => {
    const ask = async (mayEnter: boolean): Promise<void> => {
      const state = await askBrowserSession();
      setProviders(state.providers);
      if (state.signedIn && mayEnter) session.enter();
    };
    const back = (): void => void ask(true);
    void ask(false);
    window.addEventListener('focus', back);
    return () => window.removeEventListener('focus', back);
  }, [session]);
  return (
    <main className="isthmus-sign-in">
      <Title headingLevel="h1">{texts.title}</Title>
      {fault === undefined ? null : <Alert variant="danger" isInline title={fault} role="alert" />}
      {providers.map(({ name, title }) => (
        <p key={name}>
          <a
            href={providerAddress(name, window.location)}
            className="pf-v6-c-button pf-m-primary pf-m-block isthmus-provider"
          >
            {texts.with(title)}
          </a>
        </p>
      ))}
      {providers.length === 0 ? null : <Title headingLevel="h2">{texts.orToken}</Title>}
      <TokenForm tell={setFault} isSecond={providers.length > 0} />
    </main>
  );
}
