import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { Channel, Notification, Store, Subscription } from '@isthmus/store';
import { STORE } from '../core/tokens.js';
import { EVERYTHING, EventQueue } from './event-queue.js';

/** Something changed; a hint to read again, never the news itself. */
export interface ChangeEvent {
  channel: Channel;
  org: string;
  subject: string;
  detail?: string;
}

type Interest = (event: ChangeEvent) => string | undefined;

interface Listener {
  interest: Interest;
  queue: EventQueue;
}

const CHANNELS: readonly Channel[] = ['resources', 'lines', 'agents'];

/** One LISTEN a channel for all subscribers of this process. */
@Injectable()
export class EventHub implements OnModuleInit, OnModuleDestroy {
  private readonly listeners = new Set<Listener>();
  private subscriptions: Subscription[] = [];

  constructor(@Inject(STORE) private readonly store: Store) {}

  async onModuleInit(): Promise<void> {
    this.subscriptions = CHANNELS.map((channel) =>
      this.store.subscribe(
        channel,
        (notification) => this.tell(channel, notification),
        // What was sent meanwhile is lost, and nobody knows what it was.
        () => this.tellAll(),
      ),
    );
    await Promise.all(this.subscriptions.map(({ ready }) => ready));
  }

  async onModuleDestroy(): Promise<void> {
    for (const { queue } of this.listeners) queue.end();
    await Promise.all(this.subscriptions.map((subscription) => subscription.close()));
  }

  /** Keys of events, each at most once until it is taken. `interest` answers the key of an event that counts. */
  listen(interest: Interest): EventQueue {
    const queue = new EventQueue(() => this.listeners.delete(listener));
    const listener: Listener = { interest, queue };
    this.listeners.add(listener);
    return queue;
  }

  private tell(channel: Channel, { org, subject, detail }: Notification): void {
    for (const { interest, queue } of this.listeners) {
      const key = interest({ channel, org, subject, ...(detail === undefined ? {} : { detail }) });
      if (key !== undefined) queue.push(key);
    }
  }

  private tellAll(): void {
    for (const { queue } of this.listeners) queue.push(EVERYTHING);
  }
}
