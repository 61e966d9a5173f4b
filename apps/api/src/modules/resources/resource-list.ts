import type { ArgBuilder, InputObjectRef } from '@pothos/core';
import { DEFAULT_PROJECT, isProjectScoped, type LabelExpression, type ResourceKind } from '@isthmus/domain';
import type { ResourceFilter, ResourceKey, ResourceOrder, ResourceRecord } from '@isthmus/store';
import { builder, type Types } from '../../graphql/builder.js';
import { callerOf } from '../../graphql/caller.js';
import {
  type ConnectionModel,
  connectionOf,
  pageArgs,
  type PageArguments,
  pageRequest,
} from '../../graphql/connection.js';
import type { Context } from '../../graphql/context.js';
import { LabelExpressionInput, type LabelExpressionModel } from './label-expression.type.js';
import { LabelInput, type LabelModel } from './label.type.js';

interface FilterInput {
  project?: string | null;
  names?: string[] | null;
  labels?: LabelModel[] | null;
  labelExpressions?: LabelExpressionModel[] | null;
  search?: string | null;
}

export const ResourceFilterInput: InputObjectRef<Types, FilterInput> = builder
  .inputRef<FilterInput>('ResourceFilter')
  .implement({
    description: 'Which resources to list; what is given is ANDed.',
    fields: (t) => ({
      project: t.string({ description: 'Only of this project.' }),
      names: t.stringList({ description: 'Only with one of these names.' }),
      labels: t.field({ type: [LabelInput], description: 'Only with all of these labels.' }),
      labelExpressions: t.field({
        type: [LabelExpressionInput],
        description: 'Only where all of these hold of the labels.',
      }),
      search: t.string({ description: 'Only with this text in the name, whatever its case.' }),
    }),
  });

const OrderField = builder.enumType('ResourceOrderField', {
  description: 'What lists of resources can be ordered by.',
  values: {
    NAME: { value: 'name', description: 'Name.' },
    CREATED_AT: { value: 'createdAt', description: 'Time of creation.' },
    UPDATED_AT: { value: 'updatedAt', description: 'Time of the last change.' },
  } as const,
});

const Direction = builder.enumType('OrderDirection', {
  description: 'Direction of an order.',
  values: {
    ASC: { description: 'Smallest or oldest first.' },
    DESC: { description: 'Largest or newest first.' },
  } as const,
});

export const ResourceOrderInput: InputObjectRef<Types, ResourceOrder> = builder
  .inputRef<ResourceOrder>('ResourceOrder')
  .implement({
    description: 'Order of a list of resources.',
    fields: (t) => ({
      field: t.field({ type: OrderField, required: true, description: 'What to order by.' }),
      direction: t.field({ type: Direction, required: true, description: 'Which way.' }),
    }),
  });

/** Arguments of every list of resources. */
export function listArgs(arg: ArgBuilder<Types>) {
  return {
    ...pageArgs(arg),
    filter: arg({ type: ResourceFilterInput, description: 'Which resources to list.' }),
    orderBy: arg({ type: ResourceOrderInput, description: 'Order; by name if not given.' }),
  };
}

interface ListArguments extends PageArguments {
  filter?: FilterInput | null;
  orderBy?: ResourceOrder | null;
}

/** A page of resources of these kinds. */
export async function listResources(
  kinds: readonly ResourceKind[],
  args: ListArguments,
  context: Context,
): Promise<ConnectionModel<ResourceRecord>> {
  const viewer = callerOf(context);
  const filter = filterOf(kinds, args.filter ?? {});
  const { resources } = context.services;
  const page = await resources.list(viewer, { filter, page: pageRequest(args), order: args.orderBy ?? undefined });
  return { ...connectionOf(page, args), totalCount: () => resources.count(viewer, filter) };
}

function filterOf(kinds: readonly ResourceKind[], { project, names, search, ...labels }: FilterInput): ResourceFilter {
  const labelExpressions = expressionsOf(labels);
  return {
    kinds,
    ...(project ? { project } : {}),
    ...(names ? { names } : {}),
    ...(labelExpressions.length > 0 ? { labelExpressions } : {}),
    ...(search ? { search } : {}),
  };
}

/** Pairs are expressions too: a key with two values then selects nothing, as it should. */
function expressionsOf({ labels, labelExpressions }: Pick<FilterInput, 'labels' | 'labelExpressions'>) {
  const pairs = (labels ?? []).map(({ name, value }): LabelExpression => ({
    key: name,
    operator: 'In',
    values: [value],
  }));
  const asked = (labelExpressions ?? []).map(({ key, operator, values }): LabelExpression => ({
    key,
    operator,
    ...(values ? { values } : {}),
  }));
  return [...pairs, ...asked];
}

/** The key of a resource by what people call it. */
export function keyOf(kind: ResourceKind, name: string, project?: string | null): ResourceKey {
  return { kind, name, project: isProjectScoped(kind) ? (project ?? DEFAULT_PROJECT) : '' };
}

/** One resource by its name; null if there is none. */
export async function findResource(key: ResourceKey, context: Context): Promise<ResourceRecord | null> {
  return (await context.services.resources.find(callerOf(context), key)) ?? null;
}
