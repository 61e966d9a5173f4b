import { useMutation, useQuery } from '@apollo/client/react';
import { Button } from '@patternfly/react-core';
import { useState, type ReactNode } from 'react';
import { graphql } from '../connection/graphql.js';
import { RefusalParts } from '../issues/issue-parts.js';
import { messages } from '../messages/messages.js';
import { Pager } from '../resources/pager.js';
import { pageSearch } from '../search-params.js';
import { useAddress, useChangeAddress } from '../shell/address.js';
import { Asked } from '../shell/asked.js';
import { FormDialog } from '../shell/form-dialog.js';
import { Choice, WordInput } from '../shell/form-inputs.js';
import { PageFrame } from '../shell/page-frame.js';
import { RevokeTokenDialog } from './revoke-token-dialog.js';
import { SecretOnce } from './secret-once.js';
import { TokenParts, TokenTable, type ShownToken } from './token-table.js';

const texts = messages.tokens;

const Tokens = graphql(
  `
    query Tokens($first: Int!, $after: String) {
      apiTokens(first: $first, after: $after) {
        totalCount
        pageInfo {
          hasNextPage
          endCursor
        }
        nodes {
          ...TokenParts
        }
      }
    }
  `,
  [TokenParts],
);

const CreateToken = graphql(
  `
    mutation CreateToken($input: CreateApiTokenInput!) {
      createApiToken(input: $input) {
        ok {
          secret
        }
        error {
          ...RefusalParts
        }
      }
    }
  `,
  [RefusalParts],
);

type Role = 'VIEWER' | 'EDITOR' | 'ADMIN';
const ROLES: Readonly<Record<Role, string>> = { VIEWER: 'viewer', EDITOR: 'editor', ADMIN: 'admin' };

/** Tokens of programs and people: made, seen, revoked. */
export function TokensPage(): ReactNode {
  const search = useAddress(pageSearch);
  const { after } = search;
  const change = useChangeAddress<typeof search>();
  const [isMaking, setMaking] = useState(false);
  const [toRevoke, setToRevoke] = useState<ShownToken | undefined>(undefined);
  const { data, error, refetch } = useQuery(Tokens, { variables: { first: 50, after: after ?? null } });
  const again = (): void => void refetch();
  return (
    <PageFrame title={texts.title} actions={<Button onClick={() => setMaking(true)}>{texts.create}</Button>}>
      <Asked data={data} error={error} again={again}>
        {({ apiTokens }) => (
          <>
            <TokenTable label={texts.title} tokens={apiTokens.nodes} revoke={setToRevoke} />
            <Pager page={apiTokens} isFirst={after === undefined} go={(to) => change({ after: to })} />
          </>
        )}
      </Asked>
      {isMaking ? <MakeDialog close={() => setMaking(false)} made={again} /> : null}
      {toRevoke === undefined ? null : (
        <RevokeTokenDialog token={toRevoke} close={() => setToRevoke(undefined)} revoked={again} />
      )}
    </PageFrame>
  );
}

function MakeDialog({ close, made }: { close: () => void; made: () => void }): ReactNode {
  const [wish, setWish] = useState<Wish>({ name: '', role: 'VIEWER', days: '90' });
  const [create, { data, error, loading }] = useMutation(CreateToken);
  const answer = data?.createApiToken;
  const submit = async (): Promise<void> => {
    const { data: done } = await create({
      variables: { input: { name: wish.name, role: wish.role, expiresInDays: Number(wish.days) } },
    });
    if (done?.createApiToken.ok) made();
  };
  return (
    <FormDialog
      id="token"
      title={texts.create}
      error={error}
      refusal={answer?.error}
      isBusy={loading}
      mayConfirm={wish.name !== ''}
      close={close}
      confirm={() => void submit()}
      done={answer?.ok ? <SecretOnce secret={answer.ok.secret} /> : undefined}
    >
      <WordInput
        label={texts.name}
        id="token-name"
        isRequired
        value={wish.name}
        write={(name) => setWish({ ...wish, name })}
      />
      <Choice
        label={texts.role}
        id="token-role"
        value={wish.role}
        options={ROLES}
        choose={(role) => setWish({ ...wish, role })}
      />
      <WordInput
        label={texts.days}
        id="token-days"
        type="number"
        value={wish.days}
        write={(days) => setWish({ ...wish, days })}
      />
    </FormDialog>
  );
}

interface Wish {
  name: string;
  role: Role;
  days: string;
}
