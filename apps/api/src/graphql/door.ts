import {
  createSourceEventStream,
  GraphQLError,
  execute,
  getOperationAST,
  parse,
  specifiedRules,
  validate,
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLSchema,
  OperationTypeNode,
} from 'graphql';
import { quote } from '@isthmus/domain';
import type { Logger } from '@isthmus/platform';
import { mapIterator } from '../events/map-iterator.js';
import type { Context } from './context.js';
import { maskErrors, refusal } from './errors.js';
import { type OperationLimits, limitErrors } from './limits.js';
import type { PersistedDocuments } from './persisted-documents.js';
import { Turns } from './turns.js';

/** One operation as a client sent it, over whatever transport. */
export interface OperationRequest {
  query: string;
  operationName?: string | null | undefined;
  variables?: Record<string, unknown> | null | undefined;
}

export interface DoorOptions {
  schema: GraphQLSchema;
  limits: OperationLimits;
  /** Lexical tokens of one document. */
  maxTokens: number;
  /** Documents known by hash, and whether others may run. */
  documents: PersistedDocuments;
  /** Time for one query or mutation. */
  timeoutMs: number;
  log: Logger;
}

export type Prepared =
  { ok: true; operation: OperationTypeNode; args: ExecutionArgs } | { ok: false; errors: readonly GraphQLError[] };

/** More side by side than the database needs to be kept busy only fill memory. */
const QUERIES_AT_ONCE = 8;
const LONGEST_TURN_MS = 250;
const CACHED_DOCUMENTS = 500;
const MAX_QUERY_CHARACTERS = 100_000;

/** The one way an operation becomes an execution, shared by HTTP, WebSocket and server-sent events: same rules, same limits, same masking. */
export class OperationDoor {
  private readonly turns = new Turns({ atOnce: QUERIES_AT_ONCE, longestMs: LONGEST_TURN_MS });
  private readonly documents = new Map<string, DocumentNode | readonly GraphQLError[]>();

  constructor(private readonly options: DoorOptions) {}

  get schema(): GraphQLSchema {
    return this.options.schema;
  }

  /** The document of an id that a client sent instead. */
  byId(id: string): string | undefined {
    return this.options.documents.byId(id);
  }

  /** Parses, validates and weighs; nothing has run yet. */
  prepare(request: OperationRequest, context: Context): Prepared {
    const refuse = (errors: readonly GraphQLError[]): Prepared => ({
      ok: false,
      errors: errors.map((error) => refusal(error, context.requestId)),
    });
    if (!this.options.documents.mayRun(request.query)) return refuse([notListed()]);
    const document = this.document(request.query);
    if (!('kind' in document)) return refuse(document);
    const operation = getOperationAST(document, request.operationName);
    if (operation === null || operation === undefined) return refuse([noOperation(request.operationName)]);
    const variables = request.variables ?? {};
    const errors = limitErrors({ document, operation, variables }, this.options.limits);
    if (errors.length > 0) return refuse(errors);
    const args = { schema: this.options.schema, document, operationName: request.operationName ?? null };
    return {
      ok: true,
      operation: operation.operation,
      args: { ...args, variableValues: variables, contextValue: context },
    };
  }

  /** Runs a query or mutation; faults come back masked, and a late answer as TIMEOUT. */
  async execute(args: ExecutionArgs): Promise<ExecutionResult> {
    const { timeoutMs } = this.options;
    let isLate = false;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<ExecutionResult>((resolve) => {
      timer = setTimeout(() => {
        isLate = true;
        resolve(tooLate(timeoutMs));
      }, timeoutMs);
    });
    const inTurn = async (): Promise<ExecutionResult> =>
      (await this.turns.run(
        () => execute(args),
        () => !isLate,
      )) ?? tooLate(timeoutMs);
    try {
      return this.mask(await Promise.race([isChange(args) ? execute(args) : inTurn(), late]), args);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Starts a subscription; each event runs with fresh loaders, and its result is masked like any other. */
  async subscribe(args: ExecutionArgs): Promise<AsyncIterableIterator<ExecutionResult> | ExecutionResult> {
    const events = await createSourceEventStream(args);
    if (!(Symbol.asyncIterator in events)) return this.mask(events, args);
    const run = (rootValue: unknown): Promise<ExecutionResult> =>
      this.execute({ ...args, rootValue, contextValue: (args.contextValue as Context).renew() });
    return mapIterator(events[Symbol.asyncIterator](), run);
  }

  private mask(result: ExecutionResult, args: ExecutionArgs): ExecutionResult {
    return maskErrors(result, { requestId: (args.contextValue as Context).requestId, log: this.options.log });
  }

  private document(query: string): DocumentNode | readonly GraphQLError[] {
    const known = this.documents.get(query);
    if (known !== undefined) return known;
    const made = this.parse(query);
    const oldest = this.documents.keys().next();
    if (this.documents.size >= CACHED_DOCUMENTS && !oldest.done) this.documents.delete(oldest.value);
    if (query.length <= MAX_QUERY_CHARACTERS) this.documents.set(query, made);
    return made;
  }

  private parse(query: string): DocumentNode | readonly GraphQLError[] {
    if (query.length > MAX_QUERY_CHARACTERS) {
      return [new GraphQLError(`The document is longer than ${MAX_QUERY_CHARACTERS} characters`)];
    }
    try {
      const document = parse(query, { maxTokens: this.options.maxTokens });
      const errors = validate(this.options.schema, document, specifiedRules, { maxErrors: 20 });
      return errors.length > 0 ? errors : document;
    } catch (error) {
      return [error instanceof GraphQLError ? error : new GraphQLError('The document cannot be parsed')];
    }
  }
}

function noOperation(name: string | null | undefined): GraphQLError {
  if (name === null || name === undefined) {
    return new GraphQLError('The document has no operation, or several: operationName says which one shall run');
  }
  return new GraphQLError(`The document has no operation named ${quote(name)}`);
}

function notListed(): GraphQLError {
  return new GraphQLError('This server runs only documents that were listed with it', {
    extensions: { code: 'DOCUMENT_NOT_LISTED' },
  });
}

function tooLate(timeoutMs: number): ExecutionResult {
  const error = new GraphQLError(`The operation took longer than ${timeoutMs} ms; a change may still have been made`, {
    extensions: { code: 'TIMEOUT' },
  });
  return { data: null, errors: [error] };
}

function isChange({ document, operationName }: ExecutionArgs): boolean {
  return getOperationAST(document, operationName)?.operation === OperationTypeNode.MUTATION;
}
