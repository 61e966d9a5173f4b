import { useApolloClient } from '@apollo/client/react';
import {
  ActionGroup,
  Alert,
  Button,
  Form,
  FormGroup,
  FormHelperText,
  HelperText,
  HelperTextItem,
  TextInput,
  Title,
} from '@patternfly/react-core';
import { useState, type FormEvent, type ReactNode } from 'react';
import { isRefused } from '../connection/client.js';
import { graphql } from '../connection/graphql.js';
import { messages } from '../messages/messages.js';
import { useSession } from './session-context.js';

const WhoAmI = graphql(`
  query WhoAmI {
    viewer {
      actor
    }
  }
`);

const TOKEN = /^isth_[A-Za-z0-9_-]{43}$/;
const texts = messages.signIn;

/** Takes an API token, and keeps it only if the server does. */
export function SignIn(): ReactNode {
  const session = useSession();
  const client = useApolloClient();
  const [text, setText] = useState('');
  const [fault, setFault] = useState(session.reason());
  const [isTrying, setTrying] = useState(false);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const token = text.trim();
    if (!TOKEN.test(token)) return setFault(texts.malformed);
    setTrying(true);
    try {
      const context = { headers: { authorization: `Bearer ${token}` } };
      await client.query({ query: WhoAmI, context, fetchPolicy: 'no-cache' });
      session.signIn(token);
    } catch (error) {
      setFault(isRefused(error) ? texts.refused : texts.unreachable);
      setTrying(false);
    }
  };
  return (
    <main className="isthmus-sign-in">
      <Title headingLevel="h1">{texts.title}</Title>
      <Form onSubmit={(event) => void submit(event)} noValidate>
        {fault === undefined ? null : <Alert variant="danger" isInline title={fault} role="alert" />}
        <FormGroup label={texts.token} fieldId="token" isRequired>
          <TextInput
            id="token"
            type="password"
            autoComplete="off"
            isRequired
            value={text}
            validated={fault === undefined ? 'default' : 'error'}
            aria-describedby="token-help"
            onChange={(_, value) => setText(value)}
          />
          <FormHelperText>
            <HelperText id="token-help">
              <HelperTextItem>{texts.help}</HelperTextItem>
            </HelperText>
          </FormHelperText>
        </FormGroup>
        <ActionGroup>
          <Button type="submit" isDisabled={isTrying} isLoading={isTrying} isBlock>
            {texts.submit}
          </Button>
        </ActionGroup>
      </Form>
    </main>
  );
}
