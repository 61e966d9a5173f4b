import { durationMs } from '../text/durations.js';
import type { FieldFinding } from './external-faults.js';
import type { PublicServiceSpec } from './public-service.js';

type Spec = Pick<PublicServiceSpec, 'targets' | 'http' | 'tls' | 'paths' | 'dns'>;
type Path = FieldFinding['path'];

/** A port of a gateway on which a public service listens. */
export interface PublicListener {
  port: number;
  protocol: 'HTTP' | 'HTTPS' | 'TLS';
  /** Answers plain requests with the address by https. */
  redirect?: true;
}

/** What plain HTTP gets, where the spec does not say. */
function httpMode({ http, tls }: Pick<Spec, 'http' | 'tls'>): 'REDIRECT' | 'SERVE' | 'OFF' {
  if (http?.mode !== undefined) return http.mode;
  if (tls === undefined) return 'SERVE';
  return tls.mode === 'PASSTHROUGH' ? 'OFF' : 'REDIRECT';
}

/** The ports on which a public service listens, plain HTTP first. */
export function publicListeners(spec: Pick<Spec, 'http' | 'tls'>): PublicListener[] {
  const { http, tls } = spec;
  const mode = httpMode(spec);
  const plain: PublicListener = {
    port: http?.port ?? 80,
    protocol: 'HTTP',
    ...(mode === 'REDIRECT' && { redirect: true }),
  };
  return [
    ...(mode === 'OFF' ? [] : [plain]),
    ...(tls === undefined
      ? []
      : [{ port: tls.port ?? 443, protocol: tls.mode === 'PASSTHROUGH' ? ('TLS' as const) : ('HTTPS' as const) }]),
  ];
}

const say = (isThere: boolean, message: string, path: Path): FieldFinding[] =>
  isThere ? [{ code: 'ISM0930', message, path }] : [];

function credentialFaults({ tls }: Spec): FieldFinding[] {
  if (tls === undefined) return [];
  const ends = tls.mode !== 'PASSTHROUGH';
  const none = `mode ${tls.mode} needs a credential: the name of the Secret with the certificate`;
  return [
    ...say(ends && tls.credential === undefined, none, ['tls']),
    ...say(!ends && tls.credential !== undefined, 'with PASSTHROUGH the gateway shows no certificate', [
      'tls',
      'credential',
    ]),
    ...say(!ends && tls.minVersion !== undefined, 'with PASSTHROUGH the service chooses the version', [
      'tls',
      'minVersion',
    ]),
  ];
}

function httpFaults(spec: Spec): FieldFinding[] {
  const { tls } = spec;
  const mode = httpMode(spec);
  const at = ['http', 'mode'];
  return [
    ...say(mode === 'REDIRECT' && tls === undefined, 'REDIRECT needs tls', at),
    ...say(mode !== 'OFF' && tls?.mode === 'PASSTHROUGH', 'with PASSTHROUGH only TLS is served: http must be OFF', at),
    ...say(
      mode === 'SERVE' && tls?.mode === 'MUTUAL',
      'SERVE would let callers in without the certificate of MUTUAL',
      at,
    ),
    ...say(mode === 'OFF' && tls === undefined, 'nothing listens: http is OFF, and tls is not there', at),
  ];
}

function listenerFaults(spec: Spec): FieldFinding[] {
  const { http, tls } = spec;
  const mode = httpMode(spec);
  const [first, second] = publicListeners(spec);
  const toAnother = mode === 'REDIRECT' && second !== undefined && second.port !== 443;
  const at = ['http', 'port'];
  return [
    ...say(toAnother, 'REDIRECT leads to port 443', ['tls', 'port']),
    ...say(tls !== undefined && first?.port === second?.port, `HTTP and TLS both want port ${first?.port ?? 0}`, at),
    ...say(mode === 'OFF' && http?.port !== undefined, 'http is OFF, so its port has no use', at),
  ];
}

const withoutSlash = (path: string): string => path.replace(/\/+$/, '');

function pathFaults({ tls, paths = [] }: Spec): FieldFinding[] {
  const seen = new Map<string, number>();
  const twice = paths.flatMap(({ type, value }, index) => {
    const key = `${type} ${type === 'PREFIX' ? withoutSlash(value) : value}`;
    const first = seen.get(key);
    if (first === undefined) seen.set(key, index);
    return say(first !== undefined, `the same path as element ${first ?? 0}`, ['paths', index, 'value']);
  });
  const whole = paths.flatMap(({ type, value }, index) =>
    say(type === 'PREFIX' && withoutSlash(value) === '', 'every path goes to the service of targets', [
      'paths',
      index,
      'value',
    ]),
  );
  const hidden = 'with PASSTHROUGH the gateway sees no paths';
  return [...say(tls?.mode === 'PASSTHROUGH' && paths.length > 0, hidden, ['paths']), ...twice, ...whole];
}

function dnsFaults({ dns }: Spec): FieldFinding[] {
  const seen = new Set<string>();
  const weights = (dns?.weights ?? []).flatMap(({ cluster }, index) => {
    const isTwice = seen.has(cluster);
    seen.add(cluster);
    return say(isTwice, `cluster ${cluster} has two weights`, ['dns', 'weights', index, 'cluster']);
  });
  const ttl = dns?.ttl === undefined ? 0 : (durationMs(dns.ttl) ?? 0);
  return [...say(ttl % 1_000 !== 0, 'a time to live is whole seconds', ['dns', 'ttl']), ...weights];
}

/** What fields of one public service say against each other. */
export function publicFaults(spec: Spec): FieldFinding[] {
  return [
    ...say(spec.targets.length > 1, 'a public service publishes one service; others have paths of it', ['targets']),
    ...credentialFaults(spec),
    ...httpFaults(spec),
    ...listenerFaults(spec),
    ...pathFaults(spec),
    ...dnsFaults(spec),
  ];
}
