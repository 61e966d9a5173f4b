import pg from 'pg';
import type { Channel, Notification, Subscription } from '../types/channels.js';
import type { StoreEvent } from '../types/store.js';

type Heard = (notification: Notification) => void;

interface Listening {
  channel: Channel;
  heard: Heard;
  reconnected: () => void;
}

export interface Listener {
  subscribe(listening: Listening): Subscription;
  close(): Promise<void>;
}

const RETRY_MS = 250;

/** One dedicated connection for all LISTENs; made at the first subscription, made again when it is lost. */
export function createListener(connectionString: string, log: (event: StoreEvent) => void): Listener {
  const subscriptions = new Set<Listening>();
  let client: pg.Client | undefined;
  let connecting: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  const deliver = (message: pg.Notification) => {
    const notification = parse(message.payload);
    for (const each of subscriptions) {
      if (message.channel === `isthmus_${each.channel}`) each.heard(notification);
    }
  };

  const connect = async (): Promise<void> => {
    const fresh = new pg.Client({ connectionString, application_name: 'isthmus-listener', keepAlive: true });
    const lost = (error?: Error) => {
      if (client !== fresh) return;
      client = undefined;
      connecting = undefined;
      log({ event: 'connection-lost', message: error?.message ?? 'the listening connection ended' });
      retry();
    };
    fresh.on('error', lost);
    fresh.on('end', () => lost());
    fresh.on('notification', deliver);
    await fresh.connect();
    await fresh.query('LISTEN isthmus_outbox; LISTEN isthmus_lines; LISTEN isthmus_resources; LISTEN isthmus_agents');
    client = fresh;
  };

  const retry = () => {
    if (closed || timer !== undefined) return;
    timer = setTimeout(() => {
      timer = undefined;
      connecting = connect();
      connecting.then(
        () => {
          log({ event: 'connection-restored', message: 'listening again' });
          for (const each of subscriptions) each.reconnected();
        },
        (error: unknown) => {
          connecting = undefined;
          log({ event: 'listener-error', message: error instanceof Error ? error.message : String(error) });
          retry();
        },
      );
    }, RETRY_MS);
  };

  const start = (): Promise<void> => {
    connecting ??= connect().catch((error: unknown) => {
      connecting = undefined;
      retry();
      throw error;
    });
    return connecting;
  };

  return {
    subscribe: (listening) => {
      subscriptions.add(listening);
      const ready = start();
      ready.catch(() => undefined);
      return {
        ready,
        close: async () => {
          subscriptions.delete(listening);
        },
      };
    },
    close: async () => {
      closed = true;
      clearTimeout(timer);
      const last = client;
      client = undefined;
      await connecting?.catch(() => undefined);
      await (last ?? client)?.end();
    },
  };
}

function parse(payload: string | undefined): Notification {
  try {
    const value = JSON.parse(payload ?? '{}') as Partial<Notification>;
    return { org: value.org ?? '', subject: value.subject ?? '', detail: value.detail };
  } catch {
    return { org: '', subject: payload ?? '' };
  }
}
