import { Injectable } from '@nestjs/common';
import { isResourceKind } from '@isthmus/domain';
import type { AuditRecord, Page, PageRequest, RevisionRecord } from '@isthmus/store';
import { authorize, type Viewer } from '../../auth/viewer.js';
import type { Loaders } from '../../graphql/loaders.js';
import { seenOf, sees } from '../../graphql/sight.js';
import type { RevisionModel } from '../revisions/revisions.service.js';
import type { TargetModel } from '../targets/target-model.js';
import { auditBounds } from './audit.service.js';

/** Versions of the specs between which the changes lie. */
interface Range {
  gns: string;
  after: number;
  through: number;
}

const NOTHING = { items: [], hasNextPage: false };

/** Which changes went into what clusters hold, and where a change went. */
@Injectable()
export class ChangeLinksService {
  /** Changes since the revision before; undefined if the audit log is not the viewer's to read. */
  async ofRevision(
    viewer: Viewer,
    { revision, page }: { revision: RevisionRecord; page: PageRequest },
    loaders: Loaders,
  ): Promise<Page<AuditRecord> | undefined> {
    const { gns, number, specVersion } = revision;
    const before = await versionOf({ gns, number: number - 1 }, loaders);
    return this.changes(viewer, { range: { gns, after: before ?? 0, through: specVersion }, page }, loaders);
  }

  /** Changes in what the agent last said it applied, or those that it still has to; undefined as above, or if that is not known. */
  async ofTarget(
    viewer: Viewer,
    { target, which, page }: { target: TargetModel; which: 'applied' | 'pending'; page: PageRequest },
    loaders: Loaders,
  ): Promise<Page<AuditRecord> | undefined> {
    const { gns, revision: wanted } = target.record;
    const applied = await versionOf({ gns, number: await heldRevision(target, loaders) }, loaders);
    const through = which === 'applied' ? applied : await versionOf({ gns, number: wanted }, loaders);
    if (applied === undefined || through === undefined) return undefined;
    const range = { gns, after: which === 'applied' ? 0 : applied, through };
    return this.changes(viewer, { range, page }, loaders);
  }

  private async changes(
    viewer: Viewer,
    { range, page }: { range: Range; page: PageRequest },
    loaders: Loaders,
  ): Promise<Page<AuditRecord> | undefined> {
    if (!viewer.rights.somewhere('audit.read')) return undefined;
    if (!(await sees(viewer, { kind: 'GlobalNamespace', uid: range.gns }, loaders))) return undefined;
    return loaders.read((tx) => tx.audit.changesOf({ ...range, ...auditBounds(viewer) }, page));
  }

  /** The first revision of each global namespace that holds the change, as far as the viewer may read them; none of what is no change of a resource. */
  async revisionsWith(
    viewer: Viewer,
    { change, page }: { change: AuditRecord; page: PageRequest },
    loaders: Loaders,
  ): Promise<Page<RevisionModel>> {
    authorize(viewer, 'audit.read');
    const ref = resourceChange(change);
    if (ref === undefined) return NOTHING;
    const { items, hasNextPage } = await loaders.read((tx) => tx.revisions.withChange(ref, page));
    const seen = await seenOf(viewer, items, { kind: 'GlobalNamespace', uidOf: ({ record }) => record.gns, loaders });
    const model = (record: RevisionRecord): RevisionModel => ({ typename: 'Revision', ...record });
    return { items: seen.map(({ cursor, record }) => ({ cursor, record: model(record) })), hasNextPage };
  }
}

/** The change of a resource that a row of the audit log is about; undefined if it is about something else. */
function resourceChange({ subjectKind, subjectId, before, after }: AuditRecord) {
  if (!isResourceKind(subjectKind)) return undefined;
  const version = versionIn(after);
  if (version === undefined && (after !== undefined || versionIn(before) === undefined)) return undefined;
  return { uid: subjectId, version };
}

function versionIn(state: unknown): string | undefined {
  if (typeof state !== 'object' || state === null || !('resourceVersion' in state)) return undefined;
  return typeof state.resourceVersion === 'string' ? state.resourceVersion : undefined;
}

/** Number of the revision that the agent last said it holds; undefined: none that is known. */
export async function heldRevision({ record, policy }: TargetModel, loaders: Loaders): Promise<number | undefined> {
  if (policy === undefined) return undefined;
  const { root } = policy.ref;
  if (root === record.ref.root) return record.revision;
  return (await loaders.read((tx) => tx.revisions.ofRoots(record.gns, [root])))[0]?.number;
}

/** Up to which version of the specs a revision was compiled; undefined: there is no such revision. */
async function versionOf(
  { gns, number }: { gns: string; number: number | undefined },
  loaders: Loaders,
): Promise<number | undefined> {
  if (number === undefined || number < 1) return undefined;
  return (await loaders.read((tx) => tx.revisions.get(gns, number)))?.specVersion;
}
