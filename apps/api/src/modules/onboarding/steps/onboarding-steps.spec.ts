import type {
  AppliedRecord,
  EnrolmentRecord,
  InventoryHeadRecord,
  RefusalRecord,
  ResourceRecord,
  SessionRecord,
  TargetRecord,
} from '@isthmus/store';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TargetModel } from '../../targets/target-model.js';
import { currentStep, onboardingSteps } from './onboarding-steps.js';
import type { OnboardingFacts, OnboardingStep, StepName } from './step.js';

const MINUTE_MS = 60_000;
const start = new Date('2026-12-01T12:00:00Z');
const at = (minutes: number): Date => new Date(start.getTime() + minutes * MINUTE_MS);

const cluster: ResourceRecord = {
  ...{ kind: 'Cluster', project: '', name: 'east', uid: 'c1', labels: {}, annotations: {}, generation: 1 },
  ...{ spec: { mesh: { kind: 'istio' } }, resourceVersion: '1', createdAt: start, updatedAt: start },
};
const token = (more: Partial<EnrolmentRecord> = {}): EnrolmentRecord => ({
  ...{ id: 't1', cluster: 'c1', expiresAt: at(15), usedAt: undefined, createdAt: at(0), renews: false },
  ...more,
});
const session = (more: Partial<SessionRecord> = {}): SessionRecord => ({
  ...{ cluster: 'c1', session: 1, gatewayId: 'g', clusterUid: 'u', agentVersion: '1.0', address: '192.0.2.7' },
  ...{ connected: true, connectedAt: at(2), disconnectedAt: undefined, lastSeenAt: at(3), lastError: undefined },
  ...{ quarantine: undefined, revokedAt: undefined, enrolledAt: at(1), enrolledFrom: '192.0.2.7', version: 1 },
  ...{ clockSkewMs: 0, protocol: 2 },
  ...more,
});
const unconnected = (more: Partial<SessionRecord> = {}): SessionRecord =>
  session({ ...{ session: 0, connected: false, connectedAt: undefined, lastSeenAt: undefined }, ...more });
const inventory = (more: Partial<InventoryHeadRecord> = {}): InventoryHeadRecord => ({
  ...{ cluster: 'c1', bootId: 'b', seq: 1, root: 'r', complete: true, observedAt: at(3), version: 1 },
  facts: {
    mesh: { kind: 'istio', version: '1.30', dnsCapture: true },
    gateways: [{ namespace: 'istio-system', service: 'gw', addresses: ['10.0.0.9'], port: 15443, selector: {} }],
  },
  ...more,
});
const refusal = (more: Partial<RefusalRecord> = {}): RefusalRecord => ({
  ...{ cluster: 'c1', door: 'enrol', code: 'ISM0402', message: 'this token expired', address: '192.0.2.7', count: 1 },
  ...{ firstAt: at(1), lastAt: at(1) },
  ...more,
});
const target = (more: Partial<TargetModel> = {}): TargetModel => ({
  typename: 'Target',
  record: {
    cluster: 'c1',
    gns: 'g1',
    state: 'ACTIVE',
    ref: { epoch: 1, seq: 1, root: 'r' },
    movedAt: at(2),
  } as TargetRecord,
  ...{ head: undefined, policy: undefined, catalog: undefined, session: session() },
  ...more,
});
const applied = (more: Partial<AppliedRecord> = {}): AppliedRecord =>
  ({
    line: 'policy',
    ref: { epoch: 1, seq: 1, root: 'r' },
    issues: [],
    errorCount: 0,
    appliedAt: at(3),
    ...more,
  }) as AppliedRecord;

const facts = (more: Partial<OnboardingFacts> = {}): OnboardingFacts => ({
  ...{ cluster, session: undefined, enrolments: [], refusals: [], inventory: undefined, targets: [], stops: [] },
  now: at(4),
  ...more,
});
const step = (name: StepName, more: Partial<OnboardingFacts>): OnboardingStep | undefined =>
  onboardingSteps(facts(more)).find((one) => one.step === name);
const states = (more: Partial<OnboardingFacts>): string =>
  onboardingSteps(facts(more))
    .map(({ state }) => state)
    .join(' ');

describe('the steps of a cluster on its way in', () => {
  it('begin with a token, and say how to make one', () => {
    expect(states({})).toBe('ACTIVE WAITING WAITING WAITING WAITING WAITING WAITING');
    expect(step('TOKEN_ISSUED', {})?.message).toContain('isthmus cluster onboard east');
  });

  it('say that the token expired, from the moment that it does', () => {
    expect(step('TOKEN_ISSUED', { enrolments: [token()], now: at(15) })?.error?.code).toBe('ISM0549');
    expect(step('TOKEN_ISSUED', { enrolments: [token()], now: new Date(at(15).getTime() - 1) })?.state).toBe('DONE');
  });

  it('wait for the agent two minutes, and then say what to look at', () => {
    const enrolments = [token()];
    expect(step('AGENT_SEEN', { enrolments, now: new Date(at(2).getTime() - 1) })).toMatchObject({ state: 'ACTIVE' });
    expect(step('AGENT_SEEN', { enrolments, now: at(2) })).toMatchObject({
      state: 'FAILED',
      error: { code: 'ISM0535' },
    });
  });

  it('show who was refused and may be the agent, with the fix of what went wrong', () => {
    const stranger = refusal({ cluster: '', code: 'ISM0536', door: 'tls', message: 'plain HTTP' });
    expect(step('AGENT_SEEN', { enrolments: [token()], refusals: [stranger], now: at(1) })).toMatchObject({
      state: 'ACTIVE',
      error: { code: 'ISM0536' },
    });
    const before = { ...stranger, lastAt: at(-1) };
    expect(step('AGENT_SEEN', { enrolments: [token()], refusals: [before], now: at(1) })?.error).toBeUndefined();
  });

  it('know an agent that was refused with a token of the cluster, and why it has no identity', () => {
    const known = { enrolments: [token()], refusals: [refusal()] };
    expect(step('AGENT_SEEN', known)?.state).toBe('DONE');
    expect(step('TLS_OK', known)).toMatchObject({ state: 'FAILED', error: { code: 'ISM0402' } });
  });

  it('know an agent that was enrolled and is refused since, as by a proxy that ends TLS', () => {
    const refusals = [refusal({ cluster: '', code: 'ISM0400', door: 'stream', lastAt: at(2) })];
    const known = { enrolments: [token({ usedAt: at(1) })], session: unconnected(), refusals };
    expect(step('AGENT_SEEN', known)?.state).toBe('DONE');
    expect(step('TLS_OK', known)).toMatchObject({ state: 'FAILED', error: { code: 'ISM0400' } });
    const older = refusals.map((one) => ({ ...one, lastAt: at(0) }));
    expect(step('TLS_OK', { ...known, refusals: older, now: at(1) })?.state).toBe('ACTIVE');
    expect(step('TLS_OK', { ...known, refusals: older, now: at(2) })?.error?.code).toBe('ISM0535');
  });

  it('say that an identity is revoked or quarantined, whatever else is known', () => {
    expect(step('TLS_OK', { session: session({ revokedAt: at(3) }) })?.error?.code).toBe('ISM0406');
    const copied = session({ connected: false, quarantine: 'DuplicateIdentity: x' });
    expect(step('TLS_OK', { session: copied })).toMatchObject({ state: 'FAILED', error: { code: 'ISM0407' } });
  });

  it('warn of a clock that is off by five minutes, and go on', () => {
    const off = (clockSkewMs: number) => step('TLS_OK', { session: session({ clockSkewMs }) });
    expect(off(5 * MINUTE_MS)).toMatchObject({ state: 'DONE', error: { code: 'ISM0539' } });
    expect(off(-5 * MINUTE_MS)?.error?.message).toContain('5 minutes behind');
    expect(off(5 * MINUTE_MS - 1)?.error).toBeUndefined();
  });

  it('are unknown while nobody hears the agent, though they were done', () => {
    const gone = session({ connected: false, disconnectedAt: at(3), lastError: 'code 1006' });
    expect(states({ session: gone, inventory: inventory() })).toBe('DONE DONE FAILED UNKNOWN UNKNOWN UNKNOWN UNKNOWN');
    expect(step('TLS_OK', { session: gone })?.message).toContain('code 1006');
  });

  it('name the rights that are missing: those without which nothing works, and those that may be missing on purpose', () => {
    const namespaces = { code: 'ISM0445', severity: 'WARNING', path: '', message: 'namespaces is forbidden' };
    const one = { code: 'ISM0444', severity: 'WARNING', path: '', message: 'kube-system: forbidden' };
    const rights = (more: Partial<OnboardingFacts>) => step('RIGHTS_OK', { session: session(), ...more });
    expect(rights({ inventory: inventory({ facts: { issues: [namespaces] }, complete: false }) })).toMatchObject({
      state: 'FAILED',
      error: { code: 'ISM0548', message: 'namespaces is forbidden' },
    });
    expect(rights({ inventory: inventory({ facts: { issues: [one] } }) })).toMatchObject({
      state: 'DONE',
      error: { code: 'ISM0444' },
    });
    const forbidden = { code: 'ISM0481', severity: 'ERROR', path: '', message: 'serviceentries is forbidden' };
    const targets = [target({ policy: applied({ issues: [forbidden], errorCount: 1 }) })];
    expect(rights({ inventory: inventory(), targets })).toMatchObject({ state: 'FAILED', error: { code: 'ISM0548' } });
  });

  it('tell a mesh that is missing or another one, DNS capture that is off, and a gateway that is not there, without keeping anybody out', () => {
    const found = (seen: object) => ({ session: session(), inventory: inventory({ facts: seen }) });
    expect(step('MESH_FOUND', found({}))?.error?.code).toBe('ISM0540');
    expect(step('MESH_FOUND', found({ mesh: { kind: 'linkerd' } }))?.message).toContain('linkerd');
    expect(step('DNS_AND_GATEWAY', found({ mesh: { dnsCapture: true } }))?.error?.code).toBe('ISM0542');
    expect(step('DNS_AND_GATEWAY', found({ mesh: { dnsCapture: false } }))?.error?.code).toBe('ISM0541');
    expect(
      currentStep(onboardingSteps(facts({ ...found({}), enrolments: [token({ usedAt: at(1) })] }))),
    ).toBeUndefined();
  });

  it('end with the first application, or with nothing to apply', () => {
    const ready = { session: session(), inventory: inventory(), enrolments: [token({ usedAt: at(1) })] };
    expect(states(ready)).toBe('DONE DONE DONE DONE DONE DONE DONE');
    const early = { ...ready, targets: [target()], now: new Date(at(4).getTime() - 1) };
    expect(step('FIRST_SYNC', early)?.state).toBe('ACTIVE');
    expect(step('FIRST_SYNC', { ...early, now: at(4) })).toMatchObject({ state: 'FAILED', error: { code: 'ISM0543' } });
    expect(step('FIRST_SYNC', { ...ready, targets: [target({ policy: applied() })] })?.state).toBe('DONE');
    const failing = target({ policy: applied({ errorCount: 1 }) });
    expect(step('FIRST_SYNC', { ...ready, targets: [failing] })?.error?.code).toBe('ISM0543');
    const stop = { cluster: 'c1', gns: 'g', line: 'policy', epoch: 1, message: 'went back', since: at(3) };
    expect(step('FIRST_SYNC', { ...ready, stops: [stop] })?.error?.code).toBe('ISM0547');
  });

  it('start anew when a token is to replace the identity of an agent that is away', () => {
    const renewing = { enrolments: [token({ renews: true, createdAt: at(3) })], inventory: inventory() };
    expect(states({ ...renewing, session: session({ connected: false, revokedAt: at(2) }) })).toBe(
      'DONE ACTIVE WAITING UNKNOWN UNKNOWN UNKNOWN UNKNOWN',
    );
    expect(step('TLS_OK', { ...renewing, session: session() })?.state).toBe('DONE');
  });

  const someone = fc.constantFrom(undefined, unconnected(), session(), session({ connected: false }));
  const more = fc.record({
    session: fc.option(
      fc
        .tuple(someone, fc.constantFrom({}, { revokedAt: at(3) }, { quarantine: 'q' }))
        .map(([one, change]) => (one === undefined ? undefined : { ...one, ...change })),
      { nil: undefined },
    ),
    enrolments: fc.constantFrom([], [token()], [token({ usedAt: at(1) })], [token({ renews: true })]),
    refusals: fc.constantFrom([], [refusal()], [refusal({ cluster: '', lastAt: at(90) })]),
    inventory: fc.constantFrom(undefined, inventory(), inventory({ complete: false }), inventory({ facts: {} })),
    targets: fc.constantFrom([], [target()], [target({ policy: applied({ errorCount: 1 }) })]),
  });

  it('never leave a cluster that is not ready without a reason, and after an hour never without a number and a fix', () => {
    fc.assert(
      fc.property(more, (known) => {
        const steps = onboardingSteps(facts({ ...known, now: at(120) }));
        const current = currentStep(steps);
        if (current === undefined) return;
        expect(current.message).not.toBe('');
        const waitsForPeople = current.step === 'TOKEN_ISSUED' && current.state === 'ACTIVE';
        if (!waitsForPeople) expect(current.error?.hint ?? current.error?.code).toMatch(/./);
        expect(current.state).not.toBe('WAITING');
      }),
      { numRuns: 500 },
    );
  });
});
