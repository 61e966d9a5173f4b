import { Content } from '@patternfly/react-core';
import type { ReactNode } from 'react';
import { graphql, type ResultOf } from '../connection/graphql.js';
import { messages } from '../messages/messages.js';

export const ActorParts = graphql(`
  fragment ActorParts on Actor @_unmask {
    id
    kind
    name
    tokenName
  }
`);

export type ShownActor = ResultOf<typeof ActorParts>;

const texts = messages.actors;

/** Who it is in words: by name where that may be known, as the audit log has it otherwise. */
export function actorText({ id, kind, name, tokenName }: ShownActor): string {
  if (name === null) return id;
  const who = kind === 'USER' ? name : `${texts.kinds[kind]} ${name}`;
  return tokenName === null || kind === 'TOKEN' ? who : `${who}, ${texts.by(tokenName)}`;
}

/** Who it is, and below that as the audit log has it. */
export function ActorName({ actor }: { actor: ShownActor }): ReactNode {
  const text = actorText(actor);
  if (text === actor.id) return <code>{actor.id}</code>;
  return (
    <>
      {text}
      <Content component="small">
        <code>{actor.id}</code>
      </Content>
    </>
  );
}
