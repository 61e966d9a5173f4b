import {
  GraphQLError,
  Kind,
  OperationTypeNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { MAX_FIRST } from './connection.js';

/** How much one operation may ask for. */
export interface OperationLimits {
  /** Nested selections. Introspection as GraphiQL sends it has 15. */
  depth: number;
  /** Aliased fields. */
  aliases: number;
  /** Fields to resolve at worst: each counts once for every item of the pages around it, and heavy ones several times. */
  cost: number;
  /** Fields at the top of a mutation. */
  mutations: number;
}

export const DEFAULT_LIMITS: OperationLimits = { depth: 16, aliases: 50, cost: 200_000, mutations: 20 };

/** What an operation asks for. */
export interface OperationSize {
  depth: number;
  aliases: number;
  cost: number;
}

type Variables = Readonly<Record<string, unknown>>;

/** Measures one operation; fragments count wherever they are spread. */
export function measure(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Variables,
): OperationSize {
  return new Measure(document, variables).of(operation);
}

/** Every limit that the operation breaks, as errors with code LIMIT_EXCEEDED; empty when it may run. */
export function limitErrors(
  request: { document: DocumentNode; operation: OperationDefinitionNode; variables: Variables },
  limits: OperationLimits,
): GraphQLError[] {
  const size = measure(request.document, request.operation, request.variables);
  const errors = (['depth', 'aliases', 'cost'] as const)
    .filter((limit) => size[limit] > limits[limit])
    .map((limit) => exceeded(limit, limits[limit]));
  const top = request.operation.selectionSet.selections.length;
  if (request.operation.operation === OperationTypeNode.MUTATION && top > limits.mutations) {
    errors.push(exceeded('mutations', limits.mutations));
  }
  return errors;
}

function exceeded(limit: keyof OperationLimits, allowed: number): GraphQLError {
  return new GraphQLError(`The operation is past the limit of ${limit}: ${allowed}`, {
    extensions: { code: 'LIMIT_EXCEEDED', limit, allowed },
  });
}

const DEFAULT_PAGE = 20;

/** Fields that stand for much more work than others, and for how many of them each counts. */
const WEIGHTS: ReadonlyMap<string, number> = new Map([
  // Renders up to 50 global namespaces, unless it has done so before.
  ['meshConfiguration', 1_000],
  // Looks at every service of every cluster.
  ['membershipPreview', 1_000],
  // Renders one of its hosts anew for each policy that has a say.
  ['sources', 10],
]);

/** Spreads of spreads may grow without bound while the text stays short: past this many visits it is too much anyway. */
const MAX_VISITS = 50_000;

class Measure {
  private readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  private aliases = 0;
  private visits = 0;

  constructor(
    document: DocumentNode,
    private readonly variables: Variables,
  ) {
    const named = document.definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION);
    this.fragments = new Map(named.map((definition) => [definition.name.value, definition]));
  }

  of(operation: OperationDefinitionNode): OperationSize {
    const { depth, cost } = this.selection(operation.selectionSet, 1);
    return { depth, cost: this.visits > MAX_VISITS ? Infinity : cost, aliases: this.aliases };
  }

  private selection(set: SelectionSetNode, times: number): { depth: number; cost: number } {
    let depth = 0;
    let cost = 0;
    for (const node of set.selections) {
      if (++this.visits > MAX_VISITS) break;
      const inner = this.node(node, times);
      depth = Math.max(depth, inner.depth);
      cost += inner.cost;
    }
    return { depth, cost };
  }

  private node(node: SelectionSetNode['selections'][number], times: number): { depth: number; cost: number } {
    switch (node.kind) {
      case Kind.FIELD:
        return this.field(node, times);
      case Kind.INLINE_FRAGMENT:
        return this.selection(node.selectionSet, times);
      case Kind.FRAGMENT_SPREAD: {
        const fragment = this.fragments.get(node.name.value);
        return fragment === undefined ? { depth: 0, cost: 0 } : this.selection(fragment.selectionSet, times);
      }
    }
  }

  private field(node: FieldNode, times: number): { depth: number; cost: number } {
    if (node.alias !== undefined && node.alias.value !== node.name.value) this.aliases += 1;
    const own = times * (WEIGHTS.get(node.name.value) ?? 1);
    if (node.selectionSet === undefined) return { depth: 1, cost: own };
    const inner = this.selection(node.selectionSet, times * this.pageSize(node));
    return { depth: inner.depth + 1, cost: inner.cost + own };
  }

  /** A field with a selection of `edges` or `nodes` is a page, whether it names a size or not. */
  private pageSize(node: FieldNode): number {
    const first = node.arguments?.find((argument) => argument.name.value === 'first')?.value;
    if (first?.kind === Kind.INT) return clamp(Number(first.value));
    if (first?.kind === Kind.VARIABLE) {
      const value = this.variables[first.name.value];
      return clamp(typeof value === 'number' ? value : MAX_FIRST);
    }
    return node.selectionSet !== undefined && this.isPage(node.selectionSet) ? DEFAULT_PAGE : 1;
  }

  /** Also where `edges` or `nodes` stand in a fragment. Validation has refused fragments that spread themselves. */
  private isPage({ selections }: SelectionSetNode): boolean {
    return selections.some((child) => {
      if (child.kind === Kind.FIELD) return child.name.value === 'edges' || child.name.value === 'nodes';
      if (++this.visits > MAX_VISITS) return true;
      const inner = child.kind === Kind.INLINE_FRAGMENT ? child : this.fragments.get(child.name.value);
      return inner !== undefined && this.isPage(inner.selectionSet);
    });
  }
}

const clamp = (size: number): number => Math.min(Math.max(size, 1), MAX_FIRST);
