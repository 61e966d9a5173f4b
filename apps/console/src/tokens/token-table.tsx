import { Button, Label } from '@patternfly/react-core';
import type { ReactNode } from 'react';
import { graphql, type ResultOf } from '../connection/graphql.js';
import { messages } from '../messages/messages.js';
import { scopeText } from '../roles/scope-text.js';
import { DataTable, type Column } from '../shell/data-table.js';
import { Instant } from '../shell/times.js';

const texts = messages.tokens;

/** What is shown of a token, wherever one is. */
export const TokenParts = graphql(`
  fragment TokenParts on ApiToken @_unmask {
    id
    name
    role
    scope {
      kind
      name
    }
    prefix
    createdAt
    endsWithMaker
    expiresAt
    lastUsedAt
    revokedAt
  }
`);

export type ShownToken = ResultOf<typeof TokenParts>;

/** True as long as a token opens anything. */
export function isLive({ revokedAt, expiresAt }: ShownToken): boolean {
  return !revokedAt && (!expiresAt || Date.parse(expiresAt) >= Date.now());
}

function stateOf(token: ShownToken): ReactNode {
  if (token.revokedAt) return <Label status="danger">{texts.revoked}</Label>;
  if (!isLive(token)) return <Label status="warning">{texts.ended}</Label>;
  return <Label status="success">{texts.live}</Label>;
}

const orNever = (at: string | null): ReactNode => (at ? <Instant at={at} /> : texts.never);

interface TokenTableProps {
  label: string;
  tokens: readonly ShownToken[];
  revoke: (token: ShownToken) => void;
}

/** Tokens with what they are good for, and their end. */
export function TokenTable({ label, tokens, revoke }: TokenTableProps): ReactNode {
  return <DataTable label={label} rows={tokens} keyOf={({ id }) => id} columns={tokenColumns(revoke)} />;
}

/** The same as columns of any table of tokens. */
export const tokenColumns = (revoke: (token: ShownToken) => void): readonly Column<ShownToken>[] => [
  [texts.name, ({ name }) => name],
  [
    texts.role,
    ({ role, scope }) =>
      scope.kind === 'ORGANIZATION' ? role.toLowerCase() : `${role.toLowerCase()}, ${scopeText(scope)}`,
  ],
  [texts.prefix, ({ prefix }) => <code>{prefix}</code>],
  [texts.created, ({ createdAt }) => <Instant at={createdAt} />],
  [
    texts.expires,
    ({ expiresAt, endsWithMaker }) => (
      <>
        {orNever(expiresAt)}
        {endsWithMaker ? ` ${texts.orWithMaker}` : null}
      </>
    ),
  ],
  [texts.used, ({ lastUsedAt }) => orNever(lastUsedAt)],
  [texts.state, stateOf],
  [
    messages.roles.action,
    (token) =>
      token.revokedAt ? null : (
        <Button variant="link" isDanger onClick={() => revoke(token)} aria-label={`${texts.revoke} ${token.name}`}>
          {texts.revoke}
        </Button>
      ),
  ],
];
