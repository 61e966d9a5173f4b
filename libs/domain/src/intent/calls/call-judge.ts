import { byCodeUnit } from '../../tree/canonical.js';
import { defaultAccess, hasAllowAt } from '../default-access.js';
import type { HostPort, PortProtocol } from '../entries.js';
import type { AuthorizationRule, CallersOfRule, OperationOfRule } from '../features/authorization.js';
import type { BlockEntry, BlockOf } from '../features/block.js';
import { HostPolicies } from '../host-policies.js';
import type { GnsView, HostView } from '../view.js';
import { most, NamedCallers, type CallerIdentity, type Extent } from './named-callers.js';

/**
 * ALLOWED: a rule admits every call. ALLOWED_BY_DEFAULT: no rule speaks of the caller, and the port is open. DENIED: a rule refuses
 * every call. DENIED_BY_DEFAULT: no rule admits any, and the port is closed. DEPENDS: on the request, its token, or the workload.
 */
export type CallVerdict = 'ALLOWED' | 'ALLOWED_BY_DEFAULT' | 'DENIED' | 'DENIED_BY_DEFAULT' | 'DEPENDS';

/** What becomes of calls of one service to ports of another. */
export interface JudgedCalls {
  /** By number; empty: all. */
  ports: number[];
  verdict: CallVerdict;
  /** What it would be if policies that are only rehearsed were enforced; absent: none is. */
  rehearsal?: CallVerdict;
  /** The policies that it comes from, in order of precedence. */
  policies: BlockEntry['policy'][];
}

type AccessBlock = BlockOf<'authorization'>;

/** A port with the blocks that hold there. */
interface Guard {
  port: number;
  isSeen: boolean;
  blocks: AccessBlock[];
}

interface Asked {
  guard: Guard;
  caller: CallerIdentity;
  server: string;
}

/** Protocols whose requests proxies see. */
const SEEN: ReadonlySet<PortProtocol> = new Set(['HTTP', 'HTTP2', 'GRPC', 'GRPC-WEB']);

const isEnforced = ({ feature }: AccessBlock): boolean => feature.mode === undefined;

function needsRequest({ methods, paths, headers }: OperationOfRule): boolean {
  return [methods, paths, headers].some((field) => field !== undefined);
}

/** The same verdict for all, or that it depends. */
function joined(verdicts: readonly CallVerdict[]): CallVerdict {
  const [first = 'DEPENDS', ...others] = new Set(verdicts);
  return others.length === 0 ? first : 'DEPENDS';
}

/** Judges calls between services of one global namespace by its AccessPolicies, as renderers write them down. */
export class CallJudge {
  private readonly callers: NamedCallers;
  private readonly guards = new Map<HostView, Guard[]>();
  /** By `<project>/<name>`. */
  private readonly userGroups: ReadonlySet<string>;

  constructor(private readonly view: GnsView) {
    this.callers = new NamedCallers(view);
    this.userGroups = new Set((view.userGroups ?? []).map(({ project, name }) => `${project}/${name}`));
  }

  /** What becomes of calls, by ports for which the same holds; a host without ports has none. */
  judge(caller: HostView, callee: HostView): JudgedCalls[] {
    const guards = this.guardsOf(callee);
    const found = new Map<string, JudgedCalls>();
    for (const guard of guards) {
      const calls = this.at(guard, caller, callee);
      const key = JSON.stringify(calls);
      const known = found.get(key);
      if (known === undefined) found.set(key, { ...calls, ports: [guard.port] });
      else known.ports.push(guard.port);
    }
    const [only, ...others] = found.values();
    if (only === undefined) return [];
    return others.length === 0 ? [{ ...only, ports: [] }] : [only, ...others];
  }

  private at(guard: Guard, caller: HostView, callee: HostView): Omit<JudgedCalls, 'ports'> {
    if (guard.blocks.length === 0) return { verdict: 'ALLOWED_BY_DEFAULT', policies: [] };
    const servers = this.callers.domainsOf(callee);
    const asked = this.callers
      .identitiesOf(caller)
      .flatMap((identity) => servers.map((server): Asked => ({ guard, caller: identity, server })));
    const enforced = guard.blocks.filter(isEnforced);
    const verdictBy = (blocks: readonly AccessBlock[]) => joined(asked.map((one) => this.verdict(blocks, one)));
    const isRehearsed = enforced.length < guard.blocks.length;
    return {
      verdict: verdictBy(enforced),
      ...(isRehearsed ? { rehearsal: verdictBy(guard.blocks) } : {}),
      policies: this.deciding(guard, asked),
    };
  }

  private verdict(blocks: readonly AccessBlock[], asked: Asked): CallVerdict {
    const denied = this.extent(blocks, 'DENY', asked);
    if (denied === 'ALL') return 'DENIED';
    const isClosed = defaultAccess(blocks) === 'DENY' || blocks.some((block) => hasAllowAt(block, asked.guard.port));
    const allowed = isClosed ? this.extent(blocks, 'ALLOW', asked) : undefined;
    if (allowed === 'NONE') return 'DENIED_BY_DEFAULT';
    if (denied === 'SOME' || allowed === 'SOME') return 'DEPENDS';
    return allowed === undefined ? 'ALLOWED_BY_DEFAULT' : 'ALLOWED';
  }

  private extent(blocks: readonly AccessBlock[], action: 'ALLOW' | 'DENY', asked: Asked): Extent {
    const extents = blocks.flatMap(({ policy, feature }) =>
      (feature.rules ?? [])
        .filter((rule) => rule.action === action)
        .map((rule) => this.extentOfRule(rule, asked, policy.project)),
    );
    return most(extents);
  }

  private extentOfRule(
    { action, from, to }: AuthorizationRule,
    { guard, caller, server }: Asked,
    project: string,
  ): Extent {
    const operations = (to ?? [{}]).filter(({ ports }: OperationOfRule) => ports?.includes(guard.port) ?? true);
    return most(
      operations.flatMap((operation) =>
        from.map((callers): Extent => {
          const who = this.callers.extent(callers, action, { caller, server });
          const users = this.users(callers, action, project);
          if (users === 'NONE') return 'NONE';
          if (users === 'ALL' && !needsRequest(operation)) return who;
          if (guard.isSeen) return who === 'NONE' ? 'NONE' : 'SOME';
          return action === 'ALLOW' ? 'NONE' : who;
        }),
      ),
    );
  }

  /** A group that does not exist admits nobody, and refuses everybody; who is in one that does, only a token tells. */
  private users({ userGroups }: CallersOfRule, action: 'ALLOW' | 'DENY', project: string): Extent {
    if (userGroups === undefined) return 'ALL';
    const known = userGroups.filter((name) => this.userGroups.has(`${project}/${name}`));
    if (action === 'DENY') return known.length < userGroups.length ? 'ALL' : 'SOME';
    return known.length === 0 ? 'NONE' : 'SOME';
  }

  /** Those with a rule about the caller; if none has one, those that open or close the port. */
  private deciding({ port, blocks }: Guard, asked: readonly Asked[]): BlockEntry['policy'][] {
    const speaks = (block: AccessBlock): boolean =>
      (block.feature.rules ?? []).some((rule) =>
        asked.some((one) => this.extentOfRule(rule, one, block.policy.project) !== 'NONE'),
      );
    const speaking = blocks.filter(speaks);
    const closing = blocks.filter((block) => block.feature.default !== undefined || hasAllowAt(block, port));
    return [...new Set((speaking.length > 0 ? speaking : closing).map(({ policy }) => policy))];
  }

  private guardsOf(callee: HostView): Guard[] {
    const known = this.guards.get(callee);
    if (known !== undefined) return known;
    const policies = new HostPolicies(this.view, callee);
    const guards = callee.host.ports.toSorted(byNumber).map(({ number, protocol }) => ({
      port: number,
      isSeen: SEEN.has(protocol),
      blocks: policies.explain('authorization', number).holds,
    }));
    this.guards.set(callee, guards);
    return guards;
  }
}

const byNumber = (a: HostPort, b: HostPort): number => a.number - b.number || byCodeUnit(a.name, b.name);
