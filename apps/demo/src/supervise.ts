/** A part that runs until it is stopped or ends by itself. */
export interface Running {
  /** Resolves with a text when the part is gone, whoever ended it. */
  readonly ended: Promise<string>;
  stop(): Promise<void>;
}

/** How a part is watched. */
export interface Supervision {
  name: string;
  start: () => Promise<Running>;
  /** Told when the part ended by itself and is started again. */
  onRestart: (text: string) => void;
  /** Told when it ended too often and is given up. */
  onGiveUp: (text: string) => void;
  /** Milliseconds; monotonic. */
  now?: () => number;
  /** Pause before a restart; default 300 ms. */
  pauseMs?: number;
}

const MAX_RESTARTS = 5;
const WINDOW_MS = 60_000;

/** Starts a part and starts it again when it ends by itself: at most five times a minute, then it is given up. */
export async function supervise(supervision: Supervision): Promise<{ stop: () => Promise<void> }> {
  const { now = () => performance.now(), pauseMs = 300 } = supervision;
  let current = await supervision.start();
  let stopping = false;
  const restarts: number[] = [];
  const watch = async (): Promise<void> => {
    for (;;) {
      const how = await current.ended;
      if (stopping) return;
      const recent = restarts.filter((time) => now() - time < WINDOW_MS);
      if (recent.length >= MAX_RESTARTS) {
        supervision.onGiveUp(`${supervision.name} ${how}, and not for the first time`);
        return;
      }
      restarts.push(now());
      supervision.onRestart(`${supervision.name} ${how}; starting it again`);
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
      if (stopping) return;
      current = await supervision.start();
    }
  };
  const watching = watch().catch((error: unknown) => {
    supervision.onGiveUp(
      `${supervision.name} cannot be started again: ${error instanceof Error ? error.message : String(error)}`,
    );
  });
  return {
    stop: async () => {
      stopping = true;
      await current.stop();
      await watching;
    },
  };
}
