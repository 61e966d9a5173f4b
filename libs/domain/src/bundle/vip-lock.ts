import { stringify } from 'yaml';
import { GROUP_VERSION } from '../api-group.js';
import { fieldsOf, isFields } from '../inventory/manifest-fields.js';
import { formatPath } from '../issues/field-path.js';
import type { Issue } from '../issues/issue.js';
import { issue } from '../issues/make-issue.js';
import { isDnsName } from '../resources/text/domain-name.js';
import { quote } from '../resources/text/quote.js';
import type { VipRow } from '../vips/allocate.js';
import { parseIpv4 } from '../vips/ipv4.js';

const HEAD = `# Virtual addresses of global services, written by \`isthmus render\`. Keep it in version control: an address never moves.
`;

/** Text of vips.lock.yaml: sorted by host, the same rows give the same bytes. */
export function formatVipLock(rows: readonly VipRow[]): string {
  const sorted = [...rows].sort((a, b) => (a.host < b.host ? -1 : 1));
  const vips = Object.fromEntries(sorted.map(({ host, address }) => [host, address]));
  return HEAD + stringify({ apiVersion: GROUP_VERSION, kind: 'VipLock', vips }, { lineWidth: 0 });
}

/** Reads a parsed vips.lock.yaml; faulty entries are left out with an ISM0108, addressed by their path. */
export function parseVipLock(value: unknown): { rows: VipRow[]; issues: Issue[] } {
  const { apiVersion, kind, vips } = fieldsOf(value);
  const fault = (path: string, message: string) => issue('ISM0108', { path, message });
  if (apiVersion !== GROUP_VERSION || kind !== 'VipLock' || !isFields(vips)) {
    return { rows: [], issues: [fault('', `expected apiVersion ${GROUP_VERSION}, kind VipLock and a mapping vips`)] };
  }
  const [rows, issues]: [VipRow[], Issue[]] = [[], []];
  const holders = new Map<string, string>();
  for (const [host, address] of Object.entries(vips)) {
    const path = formatPath(['vips', host]);
    const holder = typeof address === 'string' ? holders.get(address) : undefined;
    if (!isDnsName(host)) issues.push(fault(path, `${quote(host)} is not a host`));
    else if (typeof address !== 'string' || parseIpv4(address) === undefined) {
      issues.push(fault(path, `the address of ${host} is not an IPv4 address`));
    } else if (holder !== undefined) issues.push(fault(path, `${host} has the address ${address} of ${holder}`));
    else {
      holders.set(address, host);
      rows.push({ host, address });
    }
  }
  return { rows, issues };
}
