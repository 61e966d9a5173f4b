import { useApolloClient, useSubscription } from '@apollo/client/react';
import { use, useEffect, useRef } from 'react';
import { LinkContext } from '../shell/session-context.js';
import { graphql } from './graphql.js';

const ResourceChanged = graphql(`
  subscription ResourceChanged {
    resourceChanged {
      kind
      uid
    }
  }
`);
const ClusterChanged = graphql(`
  subscription ClusterChanged {
    clusterChanged {
      uid
    }
  }
`);

/** How long what changed is gathered before what is shown is asked for again, in milliseconds. */
const GATHER_MS = 300;

/** Asks again for what is on the screen when anything of it may have changed: at once the first time, then at most thrice a second. */
export function Live(): null {
  const client = useApolloClient();
  const link = use(LinkContext);
  const timer = useRef<number | undefined>(undefined);
  useEffect(() => () => window.clearTimeout(timer.current), []);
  useEffect(() => {
    // A socket notices only after a while that nothing can be reached any more; the browser knows at once.
    const lost = (): void => link.set(true);
    const back = (): void => {
      link.set(false);
      void client.refetchQueries({ include: 'active' });
    };
    window.addEventListener('offline', lost);
    window.addEventListener('online', back);
    return () => {
      window.removeEventListener('offline', lost);
      window.removeEventListener('online', back);
    };
  }, [client, link]);
  const onData = (): void => {
    timer.current ??= window.setTimeout(() => {
      timer.current = undefined;
      void client.refetchQueries({ include: 'active' });
    }, GATHER_MS);
  };
  useSubscription(ResourceChanged, { onData, ignoreResults: true });
  useSubscription(ClusterChanged, { onData, ignoreResults: true });
  return null;
}
