import type { IssueCode } from '../issues/catalog.js';
import type { Issue } from '../issues/issue.js';
import { issue } from '../issues/make-issue.js';
import { sha256Hex } from '../tree/hash.js';
import { auditRowsHash, type AuditRow } from './audit-row.js';
import { FIRST_SEAL, sealText, type AuditSeal } from './audit-seal.js';

/** A seal that somebody noted down, outside the database. */
export interface AuditAnchor {
  seq: number;
  hash: string;
}

/** What a chain is judged by. */
export interface AuditChainOptions {
  org: string;
  /** True if the signature, base64, is that of a trusted key over the text. */
  verify: (text: string, signature: string) => boolean;
  anchor?: AuditAnchor | undefined;
}

/**
 * Judges the seals of an organization one after the other, from the first: that none is missing, each follows the one before it and
 * is signed, and covers just the changes that it covered. Pure; keeps nothing but the last seal.
 */
export class AuditChain {
  #last: AuditAnchor = { seq: 0, hash: FIRST_SEAL };
  #isAnchored: boolean;
  #rows = 0;

  constructor(private readonly options: AuditChainOptions) {
    this.#isAnchored = options.anchor === undefined;
  }

  /** The last seal that was judged; `seq` 0 is none. */
  get head(): AuditAnchor {
    return this.#last;
  }

  /** Changes in the seals that were judged. */
  get rows(): number {
    return this.#rows;
  }

  /** What is wrong with the next seal and the changes that say they are in it. */
  next(seal: AuditSeal, rows: readonly AuditRow[]): Issue[] {
    const { org, verify, anchor } = this.options;
    const found: Issue[] = [];
    const tell = (code: IssueCode, message: string): unknown => found.push(issue(code, { message }));
    const { seq, hash } = seal;
    const text = sealText(org, seal);
    if (seq !== this.#last.seq + 1) tell('ISM0970', `seal ${seq} comes after seal ${this.#last.seq}`);
    else if (seal.previous !== this.#last.hash) tell('ISM0971', `seal ${seq} does not follow the seal before it`);
    if (sha256Hex(text) !== hash) tell('ISM0971', `seal ${seq} is not what its hash says`);
    if (!verify(text, seal.signature)) tell('ISM0973', `seal ${seq} is not signed by a trusted key`);
    if (rows.length !== seal.rows)
      tell('ISM0972', `seal ${seq} covers ${seal.rows} changes, and ${rows.length} are there`);
    else if (auditRowsHash(rows) !== seal.rowsHash)
      tell('ISM0972', `the ${rows.length} changes of seal ${seq} are not those that were sealed`);
    if (seq === anchor?.seq && hash === anchor.hash) this.#isAnchored = true;
    this.#last = { seq, hash };
    this.#rows += rows.length;
    return found;
  }

  /** What is wrong with the chain as a whole, after its last seal. */
  end(): Issue[] {
    const { anchor } = this.options;
    if (anchor === undefined || this.#isAnchored) return [];
    const where = anchor.seq > this.#last.seq ? `the chain ends at ${this.#last.seq}` : 'another one has its place';
    return [issue('ISM0974', { message: `seal ${anchor.seq}:${anchor.hash} is not in the chain: ${where}` })];
  }
}
