import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** What may be the matter with a server that can be reached. */
export type Ailment = 'never answers' | 'drips for ever' | 'answers late' | 'breaks off' | 'redirects for ever';

const LATE_MS = 480;
const DRIP_MS = 20;

/** Lets an answer suffer; true if it is to be given as usual then. */
export async function suffer(ailment: Ailment | undefined, response: ServerResponse): Promise<boolean> {
  switch (ailment) {
    case undefined:
      return true;
    case 'answers late':
      await sleep(LATE_MS);
      return true;
    case 'never answers':
      return false;
    case 'drips for ever':
      drip(response);
      return false;
    case 'breaks off':
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': 1000 }).write('{"issuer":');
      setTimeout(() => response.destroy(), DRIP_MS);
      return false;
    case 'redirects for ever':
      response.writeHead(302, { location: `?${Math.random()}` }).end();
      return false;
  }
}

function drip(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' }).write('{');
  const timer = setInterval(() => response.write(' '), DRIP_MS);
  response.on('close', () => clearInterval(timer));
}
