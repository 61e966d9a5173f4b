import type { IncomingMessage } from 'node:http';
import type { CookieOptions, Response } from 'express';
import { isSessionSecret } from './session-secret.js';

const NAMES = { session: 'isthmus-session', browser: 'isthmus-browser' } as const;
export type CookieName = keyof typeof NAMES;

const LONGEST_HEADER = 16 * 1024;

/** Cookies of this API. Over TLS their names begin with `__Host-`, so that no neighbouring host can set them. */
export class Cookies {
  private readonly isSecure: boolean;

  constructor(publicUrl: URL) {
    this.isSecure = publicUrl.protocol === 'https:';
  }

  /** The value that a request carries; of several of the name none counts. */
  read({ headers }: Pick<IncomingMessage, 'headers'>, name: CookieName): string | undefined {
    const header = headers.cookie ?? '';
    if (header.length > LONGEST_HEADER) return undefined;
    const wanted = `${this.nameOf(name)}=`;
    const found = header.split(';').map((part) => part.trim());
    const values = found.filter((part) => part.startsWith(wanted)).map((part) => part.slice(wanted.length));
    return values.length === 1 ? values[0] : undefined;
  }

  /** The secret of the session that a request carries. */
  session(request: Pick<IncomingMessage, 'headers'>): string | undefined {
    const value = this.read(request, 'session');
    return value !== undefined && isSessionSecret(value) ? value : undefined;
  }

  /** Sets one until the browser ends, or for so long. */
  set(response: Response, name: CookieName, { value, maxAgeMs }: { value: string; maxAgeMs?: number }): void {
    response.cookie(this.nameOf(name), value, {
      ...this.options(),
      ...(maxAgeMs === undefined ? {} : { maxAge: maxAgeMs }),
    });
  }

  clear(response: Response, name: CookieName): void {
    response.clearCookie(this.nameOf(name), this.options());
  }

  private nameOf(name: CookieName): string {
    return `${this.isSecure ? '__Host-' : ''}${NAMES[name]}`;
  }

  private options(): CookieOptions {
    return { httpOnly: true, sameSite: 'lax', secure: this.isSecure, path: '/' };
  }
}
