import { destination, pino } from 'pino';
import type { Logger as PinoLogger } from 'pino';

export type Logger = Pick<PinoLogger, 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'child' | 'level'>;
export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const SECRET_FIELDS = [
  'token',
  'secret',
  'password',
  'authorization',
  'cookie',
  'privateKey',
  'key',
  'databaseUrl',
  'redisUrl',
];

/** Where log lines go; anything with `write`. Default: stderr, so that stdout stays data. */
export interface LogSink {
  write(line: string): void;
}

/** JSON lines on stderr. Fields that carry secrets are censored at the top and one level below. */
export function createLogger(name: string, level: LogLevel = 'info', sink?: LogSink): Logger {
  return pino(
    {
      name,
      level,
      base: { pid: process.pid },
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: SECRET_FIELDS.flatMap((field) => [field, `*.${field}`]), censor: '[redacted]' },
    },
    sink ?? destination({ dest: 2, sync: true }),
  );
}

/** A logger that drops everything. */
export function silentLogger(): Logger {
  return createLogger('silent', 'silent');
}
