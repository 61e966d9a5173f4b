import { useMutation, useQuery } from '@apollo/client/react';
import {
  Alert,
  Button,
  ClipboardCopy,
  Form,
  FormGroup,
  FormSelect,
  FormSelectOption,
  Label,
  Modal,
  ModalBody,
  ModalFooter,
  ModalHeader,
  TextInput,
} from '@patternfly/react-core';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table';
import { useState, type ReactNode } from 'react';
import { graphql, type ResultOf } from '../connection/graphql.js';
import { IssueList } from '../issues/issue-list.js';
import { messages } from '../messages/messages.js';
import { Pager } from '../resources/pager.js';
import { pageSearch } from '../search-params.js';
import { useAddress, useChangeAddress } from '../shell/address.js';
import { Asked } from '../shell/asked.js';
import { ConfirmDialog } from '../shell/confirm-dialog.js';
import { PageFrame } from '../shell/page-frame.js';
import { Failed } from '../shell/states.js';
import { Instant } from '../shell/times.js';
import { IssueParts } from '../issues/issue-parts.js';

const texts = messages.tokens;

const Tokens = graphql(`
  query Tokens($first: Int!, $after: String) {
    apiTokens(first: $first, after: $after) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      nodes {
        id
        name
        role
        prefix
        createdAt
        expiresAt
        lastUsedAt
        revokedAt
      }
    }
  }
`);

const CreateToken = graphql(
  `
    mutation CreateToken($input: CreateApiTokenInput!) {
      createApiToken(input: $input) {
        ok {
          secret
        }
        error {
          message
          issues {
            ...IssueParts
          }
        }
      }
    }
  `,
  [IssueParts],
);

const RevokeToken = graphql(`
  mutation RevokeToken($input: RevokeApiTokenInput!) {
    revokeApiToken(input: $input) {
      error {
        message
      }
    }
  }
`);

type Token = ResultOf<typeof Tokens>['apiTokens']['nodes'][number];
type Role = 'VIEWER' | 'EDITOR' | 'ADMIN';
const ROLES: readonly Role[] = ['VIEWER', 'EDITOR', 'ADMIN'];

/** Tokens of programs and people: made, seen, revoked. */
export function TokensPage(): ReactNode {
  const search = useAddress(pageSearch);
  const { after } = search;
  const change = useChangeAddress<typeof search>();
  const [isMaking, setMaking] = useState(false);
  const [toRevoke, setToRevoke] = useState<Token | undefined>(undefined);
  const { data, error, refetch } = useQuery(Tokens, { variables: { first: 50, after: after ?? null } });
  const again = (): void => void refetch();
  return (
    <PageFrame title={texts.title} actions={<Button onClick={() => setMaking(true)}>{texts.create}</Button>}>
      <Asked data={data} error={error} again={again}>
        {({ apiTokens }) => (
          <>
            <TokenTable tokens={apiTokens.nodes} revoke={setToRevoke} />
            <Pager page={apiTokens} isFirst={after === undefined} go={(to) => change({ after: to })} />
          </>
        )}
      </Asked>
      {isMaking ? <MakeDialog close={() => setMaking(false)} made={again} /> : null}
      {toRevoke === undefined ? null : (
        <RevokeDialog token={toRevoke} close={() => setToRevoke(undefined)} revoked={again} />
      )}
    </PageFrame>
  );
}

function stateOf({ revokedAt, expiresAt }: Token): ReactNode {
  if (revokedAt) return <Label status="danger">{texts.revoked}</Label>;
  if (expiresAt && Date.parse(expiresAt) < Date.now()) return <Label status="warning">{texts.ended}</Label>;
  return <Label status="success">{texts.live}</Label>;
}

function TokenTable({ tokens, revoke }: { tokens: readonly Token[]; revoke: (token: Token) => void }): ReactNode {
  return (
    <Table aria-label={texts.title} variant="compact">
      <Thead>
        <Tr>
          {[texts.name, texts.role, texts.prefix, texts.created, texts.expires, texts.used, texts.state].map(
            (title) => (
              <Th key={title}>{title}</Th>
            ),
          )}
          <Th screenReaderText={texts.revoke} />
        </Tr>
      </Thead>
      <Tbody>
        {tokens.map((token) => (
          <Tr key={token.id}>
            <Td dataLabel={texts.name}>{token.name}</Td>
            <Td dataLabel={texts.role}>{token.role.toLowerCase()}</Td>
            <Td dataLabel={texts.prefix}>
              <code>{token.prefix}</code>
            </Td>
            <Td dataLabel={texts.created}>
              <Instant at={token.createdAt} />
            </Td>
            <Td dataLabel={texts.expires}>{token.expiresAt ? <Instant at={token.expiresAt} /> : texts.never}</Td>
            <Td dataLabel={texts.used}>{token.lastUsedAt ? <Instant at={token.lastUsedAt} /> : texts.never}</Td>
            <Td dataLabel={texts.state}>{stateOf(token)}</Td>
            <Td>
              {!token.revokedAt ? (
                <Button
                  variant="link"
                  isDanger
                  onClick={() => revoke(token)}
                  aria-label={`${texts.revoke} ${token.name}`}
                >
                  {texts.revoke}
                </Button>
              ) : null}
            </Td>
          </Tr>
        ))}
      </Tbody>
    </Table>
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
    <Modal isOpen variant="small" onClose={close} aria-labelledby="token-title">
      <ModalHeader title={texts.create} labelId="token-title" />
      <ModalBody>
        <Refusal error={error} answer={answer} />
        {answer?.ok ? (
          <>
            <Alert isInline variant="success" title={texts.secret} />
            <ClipboardCopy isReadOnly textAriaLabel={texts.title}>
              {answer.ok.secret}
            </ClipboardCopy>
          </>
        ) : (
          <TokenForm wish={wish} change={setWish} submit={() => void submit()} />
        )}
      </ModalBody>
      <ModalFooter>
        {answer?.ok ? (
          <Button onClick={close}>{texts.done}</Button>
        ) : (
          <>
            <Button type="submit" form="token-form" isLoading={loading} isDisabled={loading || wish.name === ''}>
              {texts.create}
            </Button>
            <Button variant="link" onClick={close}>
              {messages.editor.cancel}
            </Button>
          </>
        )}
      </ModalFooter>
    </Modal>
  );
}

type MadeAnswer = ResultOf<typeof CreateToken>['createApiToken'];

function Refusal({ error, answer }: { error: Error | undefined; answer: MadeAnswer | undefined }): ReactNode {
  if (error !== undefined) return <Failed error={error} />;
  if (!answer?.error) return null;
  return (
    <>
      <Alert isInline variant="danger" title={answer.error.message} />
      <IssueList issues={answer.error.issues} />
    </>
  );
}

interface Wish {
  name: string;
  role: Role;
  days: string;
}

interface TokenFormProps {
  wish: Wish;
  change: (wish: Wish) => void;
  submit: () => void;
}

function TokenForm({ wish, change, submit }: TokenFormProps): ReactNode {
  return (
    <Form
      id="token-form"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <FormGroup label={texts.name} fieldId="token-name" isRequired>
        <TextInput id="token-name" isRequired value={wish.name} onChange={(_, name) => change({ ...wish, name })} />
      </FormGroup>
      <FormGroup label={texts.role} fieldId="token-role">
        <FormSelect
          id="token-role"
          value={wish.role}
          onChange={(_, value) => change({ ...wish, role: ROLES.find((one) => one === value) ?? 'VIEWER' })}
        >
          {ROLES.map((one) => (
            <FormSelectOption key={one} value={one} label={one.toLowerCase()} />
          ))}
        </FormSelect>
      </FormGroup>
      <FormGroup label={texts.days} fieldId="token-days">
        <TextInput
          id="token-days"
          type="number"
          min={1}
          value={wish.days}
          onChange={(_, days) => change({ ...wish, days })}
        />
      </FormGroup>
    </Form>
  );
}

interface RevokeProps {
  token: Token;
  close: () => void;
  revoked: () => void;
}

function RevokeDialog({ token, close, revoked }: RevokeProps): ReactNode {
  const [revoke, { data, error, loading }] = useMutation(RevokeToken, { variables: { input: { tokenId: token.id } } });
  const confirm = async (): Promise<void> => {
    const answer = await revoke();
    if (!answer.data || answer.data.revokeApiToken.error) return;
    revoked();
    close();
  };
  return (
    <ConfirmDialog
      title={texts.revokeTitle(token.name)}
      action={texts.revoke}
      error={error}
      refusal={data?.revokeApiToken.error?.message}
      isBusy={loading}
      close={close}
      confirm={() => void confirm()}
    >
      {texts.revokeBody}
    </ConfirmDialog>
  );
}
