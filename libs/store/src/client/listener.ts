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
const LISTEN = 'LISTEN isthmus_outbox; LISTEN isthmus_lines; LISTEN isthmus_resources; LISTEN isthmus_agents';

/** One dedicated connection for all LISTENs; made at the first subscription, made again when it is lost. */
export function createListener(connectionString: string, log: (event: StoreEvent) => void): Listener {
  const subscriptions = new Set<Listening>();
  const connection = new ListeningConnection(connectionString, {
    log,
    deliver: (message) => {
      const notification = parse(message.payload);
      for (const each of subscriptions) if (message.channel === `isthmus_${each.channel}`) each.heard(notification);
    },
    reconnected: () => {
      for (const each of subscriptions) each.reconnected();
    },
  });
  return {
    subscribe: (listening) => {
      subscriptions.add(listening);
      const ready = connection.open();
      ready.catch(() => undefined);
      return {
        ready,
        close: async () => {
          subscriptions.delete(listening);
        },
      };
    },
    close: () => connection.close(),
  };
}

interface Events {
  log: (event: StoreEvent) => void;
  deliver: (message: pg.Notification) => void;
  reconnected: () => void;
}

class ListeningConnection {
  private client: pg.Client | undefined;
  private connecting: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(
    private readonly connectionString: string,
    private readonly events: Events,
  ) {}

  /** Rejects if the first attempt fails; goes on trying all the same. */
  open(): Promise<void> {
    this.connecting ??= this.connect();
    return this.connecting;
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.timer);
    await this.connecting?.catch(() => undefined);
    const last = this.client;
    this.client = undefined;
    await last?.end();
  }

  private async connect(): Promise<void> {
    const fresh = new pg.Client({
      connectionString: this.connectionString,
      application_name: 'isthmus-listener',
      keepAlive: true,
    });
    fresh.on('error', (error) => this.lost(fresh, error.message));
    fresh.on('end', () => this.lost(fresh, 'the listening connection ended'));
    fresh.on('notification', this.events.deliver);
    try {
      await fresh.connect();
      await fresh.query(LISTEN);
      this.client = fresh;
    } catch (error) {
      this.connecting = undefined;
      this.events.log({ event: 'listener-error', message: error instanceof Error ? error.message : String(error) });
      await fresh.end().catch(() => undefined);
      this.retry();
      throw error;
    }
  }

  private lost(client: pg.Client, message: string): void {
    if (this.client !== client) return;
    this.client = undefined;
    this.connecting = undefined;
    this.events.log({ event: 'connection-lost', message });
    this.retry();
  }

  private retry(): void {
    if (this.closed || this.timer !== undefined) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.open().then(
        () => {
          this.events.log({ event: 'connection-restored', message: 'listening again' });
          this.events.reconnected();
        },
        () => undefined,
      );
    }, RETRY_MS);
  }
}

function parse(payload: string | undefined): Notification {
  try {
    const value = JSON.parse(payload ?? '{}') as Partial<Notification>;
    return { org: value.org ?? '', subject: value.subject ?? '', detail: value.detail };
  } catch {
    return { org: '', subject: payload ?? '' };
  }
}
