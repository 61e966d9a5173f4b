import { EMPTY_ROOT } from '@isthmus/domain';
import type { HeldLine } from '@isthmus/protocol';
import type { HeadRecord, LineTree, TargetRecord } from '@isthmus/store';
import { beforeEach, describe, expect, it } from 'vitest';
import { heldLines } from './held-lines.js';

const root = (digit: string): string => digit.repeat(64);
const held = (line: HeldLine['line'], have: string | undefined, gns = 'g'): HeldLine => ({
  ...{ gns, line, epoch: 1, seq: 1, root: root('0') },
  ...(have === undefined ? {} : { have }),
});
const target = (gns: string, of: string, state = 'ACTIVE') =>
  ({ gns, state, ref: { epoch: 1, seq: 1, root: of } }) as TargetRecord;
const head = (gns: string, catalogRoot: string) => ({ gns, catalogRoot }) as HeadRecord;

describe('trees that an agent says it holds', () => {
  let asked: LineTree[];
  beforeEach(() => void (asked = []));
  const known = (lines: readonly HeldLine[], given: readonly string[] = []) =>
    heldLines(
      {
        targets: {
          given: (_cluster: string, trees: readonly LineTree[]) => {
            asked.push(...trees);
            return Promise.resolve(trees.filter((tree) => given.includes(tree.root)));
          },
        } as Parameters<typeof heldLines>[0]['targets'],
      },
      'c',
      {
        lines,
        targets: [target('g', root('a')), target('closed', root('a'), 'CLOSED')],
        heads: [head('g', root('b')), head('closed', root('b'))],
      },
    );

  it('count for nothing where they were never given: by line, by global namespace, and of no tree of the agent’s own', async () => {
    const said = [
      held('policy', root('b')),
      held('catalog', root('a')),
      held('policy', root('a'), 'other'),
      held('policy', root('a'), 'closed'),
      held('catalog', root('b'), 'closed'),
      held('cluster', root('a')),
    ];
    for (const line of await known(said)) expect(line.have).toBeUndefined();
  });

  it('stay where they are those of now, and nobody is asked', async () => {
    const said = [held('policy', root('a')), held('catalog', root('b')), held('policy', EMPTY_ROOT, 'other')];
    expect(await known([...said, held('policy', undefined)])).toEqual([...said, held('policy', undefined)]);
    expect(asked.filter((tree) => tree.root !== EMPTY_ROOT)).toEqual([]);
  });

  it('stay where they were given before', async () => {
    const said = [held('policy', root('c')), held('catalog', root('d'))];
    expect(await known(said, [root('c')])).toEqual([said[0], { ...said[1], have: undefined }]);
    expect(asked.map(({ line }) => line)).toEqual(['policy', 'catalog']);
  });
});
