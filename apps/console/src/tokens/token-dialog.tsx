import type { ReactNode } from 'react';
import { messages } from '../messages/messages.js';
import { FormDialog, type Refusal } from '../shell/form-dialog.js';
import { Choice, WordInput } from '../shell/form-inputs.js';
import { useKeptForm } from '../shell/kept-form.js';
import { SecretOnce } from './secret-once.js';

const texts = messages.tokens;

/** What every token is made of. */
export interface TokenWish<Role extends string> {
  name: string;
  role: Role;
  expiresInDays: number;
}

interface TokenDialogProps<Role extends string> {
  /** Under which name it is kept what is filled in. */
  form: string;
  roles: Readonly<Record<Role, string>>;
  /** The role that is chosen at first. */
  role: Role;
  roleLabel: string;
  /** What the server said, once it was asked. */
  answer: { ok: { secret: string } | null; error: Refusal | null } | undefined;
  error: Error | undefined;
  isBusy: boolean;
  close: () => void;
  make: (wish: TokenWish<Role>) => void;
  /** What else is asked for. */
  children?: ReactNode;
}

/** Asks for a token, and shows it once. */
export function TokenDialog<Role extends string>(props: TokenDialogProps<Role>): ReactNode {
  const { roles, roleLabel, answer, error, isBusy, close, make, children } = props;
  const first = { name: '', role: props.role, days: '90' };
  const { value, change, draft } = useKeptForm(props.form, first);
  const { name, role, days } = value;
  return (
    <FormDialog
      id="token"
      title={texts.create}
      error={error}
      refusal={answer?.error}
      isBusy={isBusy}
      mayConfirm={name !== ''}
      draft={draft}
      close={close}
      confirm={() => make({ name, role, expiresInDays: Number(days) })}
      done={answer?.ok ? <SecretOnce secret={answer.ok.secret} /> : undefined}
    >
      <WordInput label={texts.name} id="token-name" isRequired value={name} write={(text) => change({ name: text })} />
      <Choice
        label={roleLabel}
        id="token-role"
        value={role}
        options={roles}
        choose={(chosen) => change({ role: chosen })}
      />
      {children}
      <WordInput
        label={texts.days}
        id="token-days"
        type="number"
        value={days}
        write={(text) => change({ days: text })}
      />
    </FormDialog>
  );
}
