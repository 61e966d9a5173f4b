import { byCodeUnit } from '@isthmus/domain';
import type { ArgBuilder } from '@pothos/core';
import type { Types } from '../../graphql/builder.js';
import { pageArgs, pageOf, type ConnectionModel, type PageArguments } from '../../graphql/connection.js';
import type { TargetModel } from './target-model.js';

/** Where a target leads from the one whose targets are listed: a cluster of a global namespace, or a global namespace of a cluster. */
interface OtherSide {
  idOf: (target: TargetModel) => string;
  /** What it is called; undefined once its record is gone. */
  nameOf: (target: TargetModel) => Promise<string | undefined>;
}

/** Arguments of a list of targets; `named` says what the text is looked for in. */
export function targetArgs(arg: ArgBuilder<Types>, named: string) {
  return {
    ...pageArgs(arg),
    search: arg.string({
      description: `Only with this text in ${named}, whatever its case, and in the order of the names; an empty text: all that have a name.`,
    }),
  };
}

/** A page of targets, by the id of the other side, or by its name where a text is searched for in that. */
export async function targetPage(
  targets: readonly TargetModel[],
  { idOf, nameOf }: OtherSide,
  { search, ...args }: PageArguments & { search?: string | null },
): Promise<ConnectionModel<TargetModel>> {
  const byKey = (keyOf: (target: TargetModel) => string) => (a: TargetModel, b: TargetModel) =>
    byCodeUnit(keyOf(a), keyOf(b));
  if (typeof search !== 'string') return pageOf(targets.toSorted(byKey(idOf)), idOf, args);
  const names = new Map(await Promise.all(targets.map(async (one) => [one, await nameOf(one)] as const)));
  const wanted = search.trim().toLowerCase();
  const found = targets.filter((one) => names.get(one)?.toLowerCase().includes(wanted));
  const keyOf = (one: TargetModel): string => `${names.get(one) ?? ''} ${idOf(one)}`;
  return pageOf(found.toSorted(byKey(keyOf)), keyOf, args);
}
