import { createGraphiQLFetcher } from '@graphiql/toolkit';
import { GraphiQL } from 'graphiql';
import 'graphiql/style.css';
import { createElement, useMemo, useState } from 'react';
import { createRoot } from 'react-dom/client';

// The token lives in this tab only: it is gone when the tab is closed, and never in a URL.
const KEY = 'isthmus-token';

const FIRST_QUERY = `# Signed in with an API token. Ctrl-Enter runs, Ctrl-Space completes.
query Overview {
  viewer { role organization { displayName } }
  clusters(first: 20) { nodes { name agent { connected lastSeenAt } conditions { type status reason } } }
  globalNamespaces(first: 20) { nodes { name domain conditions { type status reason message } } }
}
`;

function SignIn({ onToken }) {
  const [text, setText] = useState('');
  const submit = (event) => {
    event.preventDefault();
    const token = text.trim();
    if (token !== '') onToken(token);
  };
  return createElement(
    'form',
    { className: 'sign-in', onSubmit: submit },
    createElement('h1', null, 'Isthmus GraphiQL'),
    createElement('label', { htmlFor: 'token' }, 'API token'),
    createElement('input', {
      id: 'token',
      type: 'password',
      autoComplete: 'off',
      spellCheck: false,
      autoFocus: true,
      placeholder: 'isth_…',
      value: text,
      onChange: (event) => setText(event.target.value),
    }),
    createElement(
      'p',
      null,
      'It is kept in this tab only. The first one lies in the file that the server named at its start.',
    ),
    createElement('button', { type: 'submit' }, 'Sign in'),
  );
}

function Editor({ token, onSignOut }) {
  const fetcher = useMemo(() => {
    const authorization = `Bearer ${token}`;
    const url = new URL('/graphql', window.location.href);
    const subscriptionUrl = Object.assign(new URL(url), { protocol: url.protocol === 'https:' ? 'wss:' : 'ws:' });
    return createGraphiQLFetcher({
      url: url.href,
      subscriptionUrl: subscriptionUrl.href,
      wsConnectionParams: { authorization },
      headers: { authorization },
      fetch: async (input, init) => {
        const response = await window.fetch(input, init);
        if (response.status === 401) onSignOut();
        return response;
      },
    });
  }, [token, onSignOut]);
  return createElement(
    GraphiQL,
    { fetcher, defaultQuery: FIRST_QUERY, shouldPersistHeaders: false },
    createElement(
      GraphiQL.Logo,
      null,
      createElement('button', { className: 'sign-out', onClick: onSignOut }, 'Sign out'),
    ),
  );
}

function Page() {
  const [token, setToken] = useState(() => sessionStorage.getItem(KEY) ?? '');
  const keep = (next) => {
    sessionStorage.setItem(KEY, next);
    setToken(next);
  };
  const drop = useMemo(
    () => () => {
      sessionStorage.removeItem(KEY);
      setToken('');
    },
    [],
  );
  return token === '' ? createElement(SignIn, { onToken: keep }) : createElement(Editor, { token, onSignOut: drop });
}

createRoot(document.getElementById('root')).render(createElement(Page));
