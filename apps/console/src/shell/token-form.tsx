import { useApolloClient } from '@apollo/client/react';
import {
  ActionGroup,
  Button,
  Form,
  FormGroup,
  FormHelperText,
  HelperText,
  HelperTextItem,
  TextInput,
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

interface TokenFormProps {
  /** Says why the token was not taken. */
  tell: (fault: string) => void;
  /** True where providers come first. */
  isSecond: boolean;
}

/** Takes an API token, and keeps it only if the server does. */
export function TokenForm({ tell, isSecond }: TokenFormProps): ReactNode {
  const session = useSession();
  const client = useApolloClient();
  const [text, setText] = useState('');
  const [isWrong, setWrong] = useState(false);
  const [isTrying, setTrying] = useState(false);
  const refuse = (fault: string): void => {
    setWrong(true);
    tell(fault);
  };
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const token = text.trim();
    if (!TOKEN.test(token)) return refuse(texts.malformed);
    setTrying(true);
    try {
      const context = { headers: { authorization: `Bearer ${token}` } };
      const { data } = await client.query({ query: WhoAmI, context, fetchPolicy: 'no-cache' });
      session.signIn(token, data?.viewer.actor);
    } catch (error) {
      refuse(isRefused(error) ? texts.refused : texts.unreachable);
      setTrying(false);
    }
  };
  return (
    <Form onSubmit={(event) => void submit(event)} noValidate>
      <FormGroup label={texts.token} fieldId="token" isRequired>
        <TextInput
          id="token"
          type="password"
          autoComplete="off"
          isRequired
          value={text}
          validated={isWrong ? 'error' : 'default'}
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
        <Button
          type="submit"
          variant={isSecond ? 'secondary' : 'primary'}
          isDisabled={isTrying}
          isLoading={isTrying}
          isBlock
        >
          {texts.submit}
        </Button>
      </ActionGroup>
    </Form>
  );
}
