import { MACHINE_SERVICE_LABEL } from '../../api-group.js';
import type { FieldFinding } from './external-faults.js';
import type { WorkloadSiteSpec } from './workload-site.js';

type Spec = Pick<WorkloadSiteSpec, 'services' | 'workloads'>;

/** Machines of one site: they stand in one catalog entry for each service. */
const MOST_WORKLOADS = 1_000;

const fault = (code: 'ISM0946' | 'ISM0947', message: string, path: (string | number)[]): FieldFinding => ({
  code,
  message,
  path,
});

/** Elements whose key an earlier one has. */
function repeated<T>(items: readonly T[], keyOf: (item: T) => string): [index: number, first: number][] {
  const seen = new Map<string, number>();
  return items.flatMap((item, index): [number, number][] => {
    const key = keyOf(item);
    const first = seen.get(key);
    if (first !== undefined) return [[index, first]];
    seen.set(key, index);
    return [];
  });
}

function repetitions({ services, workloads }: Spec): FieldFinding[] {
  const ofServices = repeated(services, ({ name }) => name).map(([index, first]) =>
    fault('ISM0946', `service ${services[index]?.name ?? ''} is also service ${first} of the list`, [
      'services',
      index,
      'name',
    ]),
  );
  const ofNames = repeated(workloads, ({ name }) => name).map(([index, first]) =>
    fault('ISM0946', `machine ${workloads[index]?.name ?? ''} is also machine ${first} of the list`, [
      'workloads',
      index,
      'name',
    ]),
  );
  const ofAddresses = repeated(workloads, ({ service, address }) => `${service} ${address}`).map(([index, first]) =>
    fault(
      'ISM0946',
      `machine ${workloads[first]?.name ?? ''} serves the same service at ${workloads[index]?.address ?? ''}`,
      ['workloads', index, 'address'],
    ),
  );
  return [...ofServices, ...ofNames, ...ofAddresses];
}

function portFaults({ services, workloads }: Spec): FieldFinding[] {
  const ofServices = services.flatMap(({ ports = [] }, at) =>
    repeated(ports, ({ number }) => String(number)).map(([index]) =>
      fault('ISM0946', `port ${ports[index]?.number ?? 0} stands twice`, ['services', at, 'ports', index, 'number']),
    ),
  );
  const known = new Map(services.map(({ name, ports }) => [name, ports && new Set(ports.map(({ number }) => number))]));
  const ofWorkloads = workloads.flatMap(({ service, ports = [] }, at) => {
    const served = known.get(service);
    const twice = repeated(ports, ({ number }) => String(number)).map(([index]) =>
      fault('ISM0946', `port ${ports[index]?.number ?? 0} stands twice`, ['workloads', at, 'ports', index, 'number']),
    );
    const strange = ports.flatMap(({ number }, index) =>
      served === undefined || served.has(number)
        ? []
        : [fault('ISM0947', `service ${service} has no port ${number}`, ['workloads', at, 'ports', index, 'number'])],
    );
    return [...twice, ...strange];
  });
  return [...ofServices, ...ofWorkloads];
}

function workloadFaults({ services, workloads }: Spec): FieldFinding[] {
  const names = new Set(services.map(({ name }) => name));
  const used = new Set(workloads.map(({ service }) => service));
  const unknown = workloads.flatMap(({ service }, index) =>
    names.has(service) ? [] : [fault('ISM0947', `the site has no service ${service}`, ['workloads', index, 'service'])],
  );
  const idle = services.flatMap(({ name }, index) =>
    used.has(name) ? [] : [fault('ISM0947', `no machine serves ${name}`, ['services', index, 'name'])],
  );
  const reserved = workloads.flatMap(({ labels = {} }, index) =>
    [MACHINE_SERVICE_LABEL, 'security.istio.io/tlsMode'].flatMap((key) =>
      Object.hasOwn(labels, key)
        ? [fault('ISM0947', `the label ${key} is written by Isthmus`, ['workloads', index, 'labels', key])]
        : [],
    ),
  );
  return [...unknown, ...idle, ...reserved];
}

function readinessFaults({ services }: Spec): FieldFinding[] {
  return services.flatMap(({ readiness }, index) =>
    readiness === undefined || (readiness.http === undefined) !== (readiness.tcp === undefined)
      ? []
      : [fault('ISM0947', 'readiness asks either by http or by tcp', ['services', index, 'readiness'])],
  );
}

/** What fields of one site say against each other. */
export function siteFaults(spec: Spec): FieldFinding[] {
  const { length } = spec.workloads;
  const message = `a site has at most ${MOST_WORKLOADS} machines, not ${length}`;
  const large = length > MOST_WORKLOADS ? [fault('ISM0947', message, ['workloads'])] : [];
  return [...large, ...repetitions(spec), ...portFaults(spec), ...workloadFaults(spec), ...readinessFaults(spec)];
}
