import type { RequestHandler, Response } from 'express';
import { ISSUE_CATALOG } from '@isthmus/domain';
import type { Clock } from '@isthmus/platform';
import { createAddressLimit } from '../agent-gateway/address-limit.js';
import type { FetchedManifest, ManifestsService } from '../modules/manifests/manifests.service.js';
import { requestIdOf } from './request-id.js';

const ID = /^isthm_[A-Za-z0-9_-]{43}$/;

type Code = 'ISM0530' | 'ISM0531' | 'ISM0532';

const REFUSALS: Record<Exclude<FetchedManifest['outcome'], 'ok'>, { status: number; code: Code; said: string }> = {
  unknown: { status: 404, code: 'ISM0530', said: 'there is no manifest of this id' },
  used: { status: 410, code: 'ISM0531', said: 'it was fetched as often as it may be' },
  expired: { status: 410, code: 'ISM0531', said: 'its time is over' },
};

/** `GET <id>`: the manifest, for `kubectl apply -f`. The id is the only credential; it is neither logged nor repeated. */
export function manifestEdge(manifests: ManifestsService, clock: Clock): RequestHandler {
  const limit = createAddressLimit(clock);
  return (request, response, next) => {
    response.setHeader('Cache-Control', 'no-store');
    response.setHeader('Referrer-Policy', 'no-referrer');
    if (request.method !== 'GET') {
      response.setHeader('Allow', 'GET');
      return void response.status(405).type('text/plain').send('Use GET\n');
    }
    const ip = request.socket.remoteAddress ?? '';
    const turn = limit.take(ip);
    if (!turn.ok) {
      response.setHeader('Retry-After', String(turn.retryAfterSeconds));
      return refuse(response, { status: 429, code: 'ISM0532', said: 'too many from this address' });
    }
    const id = request.path.slice(1);
    if (!ID.test(id)) return refuse(response, REFUSALS.unknown);
    manifests.fetch(id, { ip, requestId: requestIdOf(request) }).then((fetched) => {
      if (fetched.outcome !== 'ok') return refuse(response, REFUSALS[fetched.outcome]);
      response.status(200).type('application/yaml').send(fetched.manifest);
    }, next);
  };
}

/** kubectl shows the words after the status and nothing else, so the reason stands there too. */
function refuse(response: Response, { status, code, said }: { status: number; code: Code; said: string }): void {
  const reason = `${code} ${said}`;
  response.statusMessage = reason;
  response.status(status).type('text/plain').send(`${reason}. ${ISSUE_CATALOG[code].fix}\n`);
}
