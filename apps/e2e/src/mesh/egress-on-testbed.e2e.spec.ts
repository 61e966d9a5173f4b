import { setTimeout as pause } from 'node:timers/promises';
import { real } from '@isthmus/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ClusterName, probeTestbed, Testbed } from './testbed.fixture.js';

const VIA = 'via: { namespace: istio-system, selector: { istio: egressgateway } }';

/** `other` is a second global namespace, whose workloads call the same host as those of bookinfo, and in the clear. */
const OUTSIDE = `
apiVersion: isthmus.dev/v1alpha1
kind: ExternalService
metadata: { name: partner }
spec:
  targets: [{ globalNamespace: bookinfo }]
  hosts: [api.outside.test, misnamed.outside.test, untrusted.outside.test]
  ports: [{ number: 80, protocol: HTTP, targetPort: 443 }, { number: 443, protocol: TLS }]
  tls: { mode: SIMPLE }
---
apiVersion: isthmus.dev/v1alpha1
kind: ExternalService
metadata: { name: db }
spec:
  targets: [{ globalNamespace: bookinfo }]
  hosts: [db.outside.test]
  ports: [{ number: 5432, protocol: POSTGRESQL }]
---
apiVersion: isthmus.dev/v1alpha1
kind: ExternalService
metadata: { name: spare }
spec:
  targets: [{ globalNamespace: bookinfo }]
  hosts: [spare.outside.test]
  ports: [{ number: 80, protocol: HTTP }]
  endpoints: [{ address: 10.77.9.251 }, { address: 10.77.9.250, priority: 1 }]
---
apiVersion: isthmus.dev/v1alpha1
kind: EgressPolicy
metadata: { name: closed }
spec:
  targets: [{ globalNamespace: bookinfo }]
  default: DENY
  allow:
    - { hosts: [allowed.outside.test, '*.wild.outside.test'] }
    - { cidrs: [10.77.9.250/32], ports: [{ number: 5432, protocol: TCP }] }
---
apiVersion: isthmus.dev/v1alpha1
kind: TelemetryPolicy
metadata: { name: slow }
spec:
  targets: [{ globalNamespace: bookinfo, service: reviews }]
  accessLogs: { enabled: true, filter: { slowerThan: 300ms } }
---
apiVersion: isthmus.dev/v1alpha1
kind: TelemetryPolicy
metadata: { name: silent }
spec:
  targets: [{ globalNamespace: bookinfo, service: details }]
  accessLogs: { enabled: false }
---
apiVersion: isthmus.dev/v1alpha1
kind: GlobalNamespace
metadata: { name: other }
spec:
  domain: other.global
  members: [{ namespaces: { names: [nowhere] } }]
  consumers: [{ namespaces: { names: [other] } }]
---
apiVersion: isthmus.dev/v1alpha1
kind: ExternalService
metadata: { name: plain }
spec:
  targets: [{ globalNamespace: other }]
  hosts: [api.outside.test]
  ports: [{ number: 80, protocol: HTTP }]
`;

const GATEWAY = `
apiVersion: isthmus.dev/v1alpha1
kind: ExternalService
metadata: { name: bank }
spec:
  targets: [{ globalNamespace: bookinfo }]
  hosts: [api.outside.test]
  ports:
    - { number: 80, protocol: HTTP, targetPort: 443 }
    - { number: 443, protocol: TLS }
    - { number: 5432, protocol: POSTGRESQL }
  tls: { mode: MUTUAL, credential: partner, sni: mutual.outside.test }
  ${VIA}
---
apiVersion: isthmus.dev/v1alpha1
kind: EgressPolicy
metadata: { name: closed }
spec:
  targets: [{ globalNamespace: bookinfo }]
  default: DENY
  allow: [{ hosts: [allowed.outside.test] }]
  ${VIA}
`;

/** A real gateway in a; in b and c something with its labels that answers nobody. */
const WORKLOADS = {
  pods: [
    'a egressgw istio-system istio-egressgateway 10.77.1.4 gateway app=istio-egressgateway,istio=egressgateway',
    'b egressgw istio-system istio-egressgateway 10.77.2.4 bare app=istio-egressgateway,istio=egressgateway',
    'c egressgw istio-system istio-egressgateway 10.77.3.4 bare app=istio-egressgateway,istio=egressgateway',
    'b stranger other stranger 10.77.2.11 client app=stranger,version=v1',
  ],
  services: [],
};

let testbed: Testbed;

interface Seen {
  code: number;
  peer?: string;
  host?: string;
  tls?: { sni: string | null; client: string | null } | null;
}

/** Who calls: `cluster/pod`. */
type From = `${ClusterName}/${string}`;

async function inPod(from: From, ...command: string[]): Promise<string> {
  const [cluster = '', pod = ''] = from.split('/');
  return testbed.cli('pod', 'exec', cluster, pod, ...command).catch((error: unknown) => String(error));
}

/** One request; what the server outside saw of it. */
async function call(from: From, url: string): Promise<Seen> {
  const said = await inPod(from, 'curl', '-s', '-m', '10', '-w', '\n%{http_code}', url);
  const [, body = '{}', code = '0'] = /^(?:(\{.*\})\s*)?\s*(\d{3})\s*$/m.exec(said) ?? [];
  return { ...(JSON.parse(body === '' ? '{}' : body) as Omit<Seen, 'code'>), code: Number(code) };
}

const codeOf = async (from: From, url: string) => (await call(from, url)).code;

const postgres = (from: From, host: string) =>
  inPod(from, 'python3', '-c', POSTGRES, host).then((said) => said.trim().split('\n').at(-1));

/** A client of PostgreSQL's protocol, which asks one thing and prints the row; the client of the system need not be there. */
const POSTGRES = `
import socket, struct, sys
s = socket.create_connection((sys.argv[1], 5432), 10)
s.settimeout(10)
f = s.makefile("rb")
said = b"user\\0shop\\0database\\0shop\\0\\0"
s.sendall(struct.pack(">II", len(said) + 8, 196608) + said)
def message():
    try: kind = f.read(1)
    except ConnectionError: kind = b""     # a reset says the same as an end
    if not kind: sys.exit(print("closed"))
    return kind, f.read(struct.unpack(">I", f.read(4))[0] - 4)
def until(wanted):
    while True:
        kind, body = message()
        if kind == wanted: return body
until(b"Z")
s.sendall(b"Q" + struct.pack(">I", 13) + b"select 1\\0")
row, at, cells = until(b"D"), 2, []
for _ in range(3):
    size, = struct.unpack(">I", row[at:at + 4]); cells.append(row[at + 4:at + 4 + size].decode()); at += 4 + size
print("|".join(cells))
`;

interface Logged {
  path: string | null;
  authority: string | null;
  upstream_transport_failure_reason: string | null;
  requested_server_name: string | null;
}

/** Access log of a proxy, as it stands after the next flush. */
async function logOf(from: From): Promise<Logged[]> {
  await pause(1500);
  const [cluster = '', pod = ''] = from.split('/');
  const said = await testbed.cli('pod', 'logs', cluster, pod, '400');
  return said.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as Logged] : []));
}

const onIstiod = await real('istiod', () => probeTestbed('control-plane'));
const onEnvoy = await real('envoy', () => probeTestbed('proxies'));

onIstiod('what workloads call outside of three real clusters', () => {
  onEnvoy('with real proxies', () => {
    beforeAll(async () => {
      testbed = await Testbed.up(WORKLOADS);
      await testbed.apply(await testbed.render('STRICT', { name: 'outside', text: OUTSIDE }));
    });

    afterAll(async () => {
      await testbed?.down();
    });

    describe('to an external service', () => {
      it.each(['a/client', 'b/details-1', 'c/client'] as const)(
        'refuses a certificate of another name, and of an unknown authority, from %s',
        async (from) => {
          expect(await codeOf(from, 'http://misnamed.outside.test/')).toBe(503);
          expect(await codeOf(from, 'http://untrusted.outside.test/')).toBe(503);
        },
      );

      it('says why in the log of the caller', async () => {
        const why = (await logOf('a/client')).map((line) => [line.authority, line.upstream_transport_failure_reason]);
        expect(why).toContainEqual(['misnamed.outside.test', expect.stringContaining('SAN_matcher')]);
        expect(why).toContainEqual(['untrusted.outside.test', expect.stringContaining('unable_to_get_local_issuer')]);
      });

      it.each(['a/client', 'b/details-1', 'c/client'] as const)('encrypts with its name, from %s', async (from) => {
        const seen = await call(from, 'http://api.outside.test/');
        expect(seen).toMatchObject({ code: 200, host: 'api.outside.test' });
        expect(seen.tls).toEqual({ sni: 'api.outside.test', client: null });
        expect(seen.peer).toMatch(/^10\.77\.[123]\.\d+$/);
      });

      it('lets the workload encrypt itself', async () => {
        const seen = await call('a/client', 'https://api.outside.test/');
        expect(seen).toMatchObject({ code: 200, tls: { sni: 'api.outside.test' } });
      });

      it('passes PostgreSQL', async () => {
        expect(await postgres('a/client', 'db.outside.test')).toBe('10.77.1.10|shop|select 1');
        expect(await postgres('b/details-1', 'db.outside.test')).toBe('10.77.2.22|shop|select 1');
      });

      it('goes to the next servers when those of the first priority are dead', async () => {
        let code = 0;
        for (let tries = 0; tries < 10 && code !== 200; tries++)
          code = await codeOf('a/client', 'http://spare.outside.test/');
        expect(code).toBe(200);
      });

      it('keeps two meanings of one host in two global namespaces apart', async () => {
        for (let tries = 0; tries < 6; tries++) {
          expect((await call('a/client', 'http://api.outside.test/')).tls).toMatchObject({ sni: 'api.outside.test' });
          expect(await call('b/stranger', 'http://api.outside.test/')).toMatchObject({ code: 200, tls: null });
        }
      });
    });

    describe('that an egress policy rules', () => {
      it.each(['a/reviews-1', 'b/details-1'] as const)('is refused with 502 or a reset, from %s', async (from) => {
        expect(await codeOf(from, 'http://blocked.outside.test/')).toBe(502);
        expect(await codeOf(from, 'https://blocked.outside.test/')).toBe(0);
        expect(await codeOf(from, 'http://10.77.9.250/')).toBe(502);
        expect(await codeOf(from, 'http://allowed.outside.test.evil.test/')).not.toBe(200);
      });

      it('is answered where it is allowed: by host, below a wildcard, in a network', async () => {
        expect(await codeOf('b/details-1', 'http://allowed.outside.test/')).toBe(200);
        expect(await codeOf('b/details-1', 'https://allowed.outside.test/')).toBe(200);
        expect(await codeOf('b/details-1', 'http://x.wild.outside.test/')).toBe(200);
        expect(await postgres('b/details-1', '10.77.9.250')).toBe('10.77.2.22|shop|select 1');
        expect(await codeOf('b/details-1', 'http://reviews.bookinfo.global:9080/')).toBe(200);
      });

      it('is not refused to mere consumers', async () => {
        expect(await codeOf('b/client', 'http://blocked.outside.test/')).toBe(200);
      });
    });

    it('writes the access logs that were asked for, and no others', async () => {
      for (const path of ['delay/500', 'quick'])
        expect(await codeOf('a/client', `http://reviews.bookinfo.global:9080/${path}`)).toBe(200);
      for (const path of ['delay/500', 'quick'])
        expect(await codeOf('a/client', `http://details.bookinfo.global/${path}`)).toBe(200);
      const reviews = [
        ...(await logOf('a/reviews-1')),
        ...(await logOf('b/reviews-1')),
        ...(await logOf('b/reviews-2')),
      ];
      expect(reviews.filter(({ path }) => path === '/delay/500')).toHaveLength(1);
      expect(reviews.filter(({ path }) => path === '/quick')).toEqual([]);
      const details = [...(await logOf('a/details-1')), ...(await logOf('b/details-1'))];
      expect(details.filter(({ path }) => path === '/delay/500' || path === '/quick')).toEqual([]);
      expect((await logOf('a/client')).filter(({ path }) => path === '/quick')).toHaveLength(2);
    });

    describe('through an egress gateway', () => {
      beforeAll(async () => {
        const pki = `${testbed.home}/state/pki/outside`;
        const files = [`tls.crt=${pki}/client.pem`, `tls.key=${pki}/client-key.pem`, `ca.crt=${pki}/ca.pem`];
        const role = ['role', 'egress-sds', '-n', 'istio-system', '--verb=get,watch,list', '--resource=secrets'];
        const account = '--serviceaccount=istio-system:istio-egressgateway';
        await testbed.cli('kubectl', 'a', 'create', ...role);
        await testbed.cli('kubectl', 'a', 'create', 'rolebinding', ...role.slice(1, 4), '--role=egress-sds', account);
        const secret = ['create', 'secret', 'generic', 'partner', '-n', 'istio-system'];
        await testbed.cli('kubectl', 'a', ...secret, ...files.map((file) => `--from-file=${file}`));
        await testbed.apply(await testbed.render('STRICT', { name: 'gateway', text: GATEWAY }));
      });

      it('gets out of no cluster whose gateway does not answer', async () => {
        expect(await codeOf('b/client', 'http://api.outside.test/')).toBe(503);
        expect(await codeOf('b/details-1', 'http://allowed.outside.test/')).toBe(503);
        expect(await codeOf('c/client', 'https://api.outside.test/')).toBe(0);
        expect(await postgres('c/client', 'api.outside.test')).toBe('closed');
      });

      it('comes from the address of the gateway, with the certificate that the gateway holds', async () => {
        const seen = await call('a/client', 'http://api.outside.test/');
        expect(seen).toMatchObject({ code: 200, peer: '10.77.9.31', host: 'api.outside.test' });
        expect(seen.tls).toEqual({ sni: 'mutual.outside.test', client: 'partner' });
      });

      it('carries TLS of workloads and PostgreSQL', async () => {
        const seen = await call('a/client', 'https://api.outside.test/');
        expect(seen).toMatchObject({ code: 200, peer: '10.77.9.31', tls: { sni: 'api.outside.test', client: null } });
        expect(await postgres('a/client', 'api.outside.test')).toBe('10.77.9.31|shop|select 1');
      });

      it('carries what an egress policy allows, and nothing else', async () => {
        expect(await call('a/details-1', 'http://allowed.outside.test/')).toMatchObject({
          code: 200,
          peer: '10.77.9.31',
          tls: null,
        });
        expect(await codeOf('a/details-1', 'http://blocked.outside.test/')).toBe(502);
      });

      it('is taken in with mutual TLS of the mesh alone', async () => {
        expect(await codeOf('a/naked', 'http://10.77.1.4:15444/')).toBe(0);
        expect(await codeOf('a/naked', 'https://10.77.1.4:15444/')).toBe(0);
        // A log holds connections that have ended; that of HTTP is kept.
        const names = (await logOf('a/egressgw')).map((line) => line.requested_server_name ?? '');
        expect(names.some((name) => /^p443\.out-[0-9a-f]{16}\.isthmus\.invalid$/.test(name))).toBe(true);
      });

      it('gets nowhere while the gateway is down', async () => {
        await testbed.cli('pod', 'stop', 'a', 'egressgw');
        expect(await codeOf('a/client', 'http://api.outside.test/')).toBe(503);
        await testbed.cli('pod', 'start', 'a', 'egressgw');
      });
    });
  });
});
