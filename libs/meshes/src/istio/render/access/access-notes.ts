import { byCodeUnit, type BlockEntry, type Issue, type IssueCode } from '@isthmus/domain';
import { hostIssue, type HostScene } from '../host-members.js';

/** What is to be said of the rules of one host: each thing once. */
export class AccessNotes {
  private readonly said = new Map<string, { code: IssueCode; message: string }>();

  /** Says it of a policy. */
  tell(code: IssueCode, { policy }: Pick<BlockEntry, 'policy'>, what: string): void {
    const message = `${policy.kind} ${policy.project}/${policy.name}: ${what}`;
    this.said.set(`${code} ${message}`, { code, message });
  }

  /** In a fixed order. */
  issues({ scene, host }: HostScene): Issue[] {
    return [...this.said]
      .sort((a, b) => byCodeUnit(a[0], b[0]))
      .map(([, { code, message }]) => hostIssue(scene, host.host, { code, message }));
  }
}
