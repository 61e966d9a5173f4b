// @vitest-environment jsdom
import { cleanup, screen, waitFor, within } from '@testing-library/react';
import { expect, it } from 'vitest';
import { showConsole, type Answers } from '../testing/console.fixture.js';

const issue = {
  __typename: 'Issue',
  ...{
    code: 'ISM0123',
    severity: 'ERROR',
    title: 'A domain is taken',
    message: 'shop.global is taken',
    path: 'spec.domain',
  },
  ...{
    cause: 'Another one has it.',
    fix: 'Choose another domain.',
    hint: null,
    cluster: null,
    source: null,
    resource: null,
  },
};
const matched = (more: object = {}) => ({
  membershipPreview: {
    ...{ clusters: ['east'], unknownClusters: ['west'], issues: [] },
    services: {
      totalCount: 1,
      nodes: [{ host: 'cart.shop.global', cluster: 'east', namespace: 'shop', service: 'cart' }],
    },
    ...more,
  },
});
const change = (outcome: string) => ({ kind: 'GlobalNamespace', name: 'shop', projectName: 'default', outcome });
const seen = (outcome: string) => ({
  applyResources: {
    error: null,
    ok: {
      ...{ dryRun: true, changes: [change(outcome)], issues: [] },
      preview: {
        __typename: 'Preview',
        unknownClusters: [],
        clusters: [
          {
            ...{ cluster: 'east', added: 1, changed: 0, removed: 0, truncated: false, issues: [] },
            objects: [
              {
                ...{
                  apiVersion: 'v1',
                  kind: 'ServiceEntry',
                  namespace: 'shop',
                  name: 'cart',
                  change: 'ADDED',
                  diff: '+a',
                },
                sources: [{ kind: 'GlobalNamespace', project: 'default', name: 'shop' }],
              },
            ],
          },
        ],
      },
    },
  },
});
const taken = {
  applyResources: {
    ok: null,
    error: {
      ...{ code: 'CONFLICT', message: 'GlobalNamespace shop is there already', current: null },
      issues: [
        {
          ...issue,
          ...{ code: 'ISM0556', message: 'GlobalNamespace shop is there already', path: 'metadata.name' },
          resource: { kind: 'GlobalNamespace', name: 'shop', project: 'default' },
        },
      ],
    },
  },
};
const refused = {
  applyResources: { ok: null, error: { code: 'INVALID', message: '1 error', issues: [issue], current: null } },
};
const filled = { name: 'shop', domain: 'shop.global', rules: [{ clusters: '*', namespaces: '', services: '' }] };
const show = (step: string, answers: Answers, draft: object = filled) => {
  sessionStorage.setItem('isthmus-draft ["","create global namespace"]', JSON.stringify(draft));
  return showConsole(`/create-global-namespace?step=${step}`, answers);
};
const next = () => screen.findByRole('button', { name: 'Next' });

it('says what is wrong with rules where they are written, and matches nothing then', async () => {
  show('members', { Membership: matched({ issues: [issue] }) });
  await screen.findByText('Choose another domain.', { exact: false });
  expect(screen.queryByText('cart.shop.global')).toBeNull();
});

it('shows the services that the rules match as they are written, and of which clusters nothing is known', async () => {
  const { user, asked } = show('members', { Membership: matched() });
  await screen.findByText('cart.shop.global');
  screen.getByText('Nothing was reported yet by: west.', { exact: false });
  await user.type(screen.getByLabelText('Namespaces'), 'shop, team-*');
  await waitFor(() =>
    expect(asked.at(-1)?.variables).toEqual({
      spec: {
        domain: 'shop.global',
        members: [{ clusters: { globs: ['*'] }, namespaces: { names: ['shop'], globs: ['team-*'] } }],
      },
      project: 'default',
    }),
  );
  await user.click(screen.getByRole('button', { name: 'Add a rule' }));
  await user.click(screen.getByRole('button', { name: 'Remove rule 1' }));
  expect(screen.getByLabelText<HTMLInputElement>('Namespaces').value).toBe('');
});

it('goes from step to step in the address, by keyboard alone, and keeps what was written', async () => {
  const { user, address } = show('name', { Membership: matched() }, {});
  await user.type(await screen.findByLabelText(/^Name/, { selector: 'input' }), 'shop');
  expect(screen.getByLabelText<HTMLInputElement>(/^Domain/).value).toBe('shop.global');
  (await next()).focus();
  await user.keyboard('{Enter}');
  await screen.findByRole('group', { name: 'Rule 1' });
  expect(address()).toContain('step=members');
  expect(document.activeElement?.textContent).toBe('Members');
  await user.click(screen.getByRole('button', { name: 'Back' }));
  expect((await screen.findByLabelText<HTMLInputElement>(/^Name/, { selector: 'input' })).value).toBe('shop');
});

it('creates nothing that the server refuses or that is there already, and says why', async () => {
  show('review', { ApplyDocument: refused });
  await screen.findByText('Choose another domain.', { exact: false });
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Create' }).disabled).toBe(true);
});

it('asks nobody about what is not filled in, and leads to where it is', async () => {
  const blank = { clusters: ' , ', namespaces: '', services: '' };
  const { user, asked, address } = show('review', {}, { ...filled, name: ' ', rules: [blank], access: 'NAMESPACES' });
  await screen.findByText('Something is not filled in yet');
  expect(screen.getAllByRole('listitem').map(({ textContent }) => textContent)).toEqual(
    expect.arrayContaining(['Name and domain: the name', 'Access: the namespaces that may call']),
  );
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Create' }).disabled).toBe(true);
  await user.click(screen.getAllByRole('button', { name: 'Members' }).at(-1) ?? document.body);
  await screen.findByText('Nothing is filled in of a rule');
  expect(address()).toContain('step=members');
  expect(asked.filter(({ operation }) => operation !== 'WizardPlaces')).toEqual([]);
});

it('writes over nothing that somebody made since it was reviewed, and shows ways on', async () => {
  let answer: object = seen('CREATED');
  const { user, asked, address } = show('review', { ApplyDocument: () => answer });
  const create = await screen.findByRole<HTMLButtonElement>('button', { name: 'Create' });
  await waitFor(() => expect(create.disabled).toBe(false));
  answer = taken;
  await user.click(create);
  await screen.findByText('This is there already, and nothing was changed');
  expect(asked.at(-1)?.variables).toMatchObject({ input: { dryRun: false, mustNotExist: true } });
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Create' }).disabled).toBe(true);
  const way = screen.getByRole('link', { name: 'Look at shop' });
  expect(way.getAttribute('href')).toContain('/global-namespaces/shop?project=default');
  await user.click(screen.getByRole('button', { name: 'Choose another name' }));
  expect((await screen.findByLabelText<HTMLInputElement>(/^Name/, { selector: 'input' })).value).toBe('shop');
  expect(address()).toContain('step=name');
});

it('shows the documents and what each cluster would get, and creates all of it at once', async () => {
  const { user, asked, address } = show('review', { ApplyDocument: seen('CREATED') });
  const documents = await screen.findByRole('region', { name: 'Documents' });
  expect(documents.textContent).toContain('kind: EncryptionPolicy');
  await screen.findByText('east: 1 added, 0 changed, 0 removed');
  screen.getByText('This is what you were writing here before.');
  const create = screen.getByRole<HTMLButtonElement>('button', { name: 'Create' });
  await waitFor(() => expect(create.disabled).toBe(false));
  await user.click(create);
  await waitFor(() => expect(address()).toContain('/global-namespaces/shop?project=default'));
  const sent = asked
    .filter(({ operation }) => operation === 'ApplyDocument')
    .map(({ variables }) => variables['input']);
  const all = { documents: documents.textContent };
  expect(sent.slice(0, 2)).toEqual([
    { ...all, dryRun: true, mustNotExist: true },
    { ...all, dryRun: false, mustNotExist: true, idempotencyKey: expect.stringMatching(/^[0-9a-f]{32}$/) as string },
  ]);
  await waitFor(() => expect(sessionStorage).toHaveLength(0));
});

it('gives the same as a command, a mutation and YAML', async () => {
  show('review', { ApplyDocument: seen('CREATED') });
  const buttons = await screen.findAllByRole('button', { name: /^Copy as/ });
  expect(buttons.map(({ textContent }) => textContent)).toEqual(['Copy as CLI', 'Copy as GraphQL', 'Copy as YAML']);
  within(screen.getByRole('navigation', { name: 'Steps' })).getByRole('button', { name: 'Review' });
});

type Held = Readonly<Record<'GlobalNamespace' | 'EncryptionPolicy' | 'AccessPolicy' | 'SloPolicy', object[]>>;
const project = (name: string) => ({ kind: 'PROJECT', name });
const ALL: Held = {
  GlobalNamespace: [project('payments'), project('shop')],
  EncryptionPolicy: [project('payments'), project('shop')],
  AccessPolicy: [project('payments')],
  SloPolicy: [{ kind: 'GLOBAL_NAMESPACE', name: 'payments/cart' }],
};
const rights = (more: Partial<Held> = {}) => ({
  WizardPlaces: { viewer: { __typename: 'Viewer', ...ALL, ...more } },
});

it('is not shown to whom may make a global namespace nowhere, and says so of a draft in a project where he may not', async () => {
  show('name', rights({ GlobalNamespace: [] }));
  await screen.findByText('You may not create a global namespace');
  expect(screen.queryByRole('button', { name: 'Next' })).toBeNull();
  cleanup();
  show('name', rights(), { ...filled, project: 'search' });
  await screen.findByText('You may not create a global namespace in project search');
  screen.getByText('You may in: project payments, project shop.');
});

it('offers the projects alone where one may be made, and begins in one of them', async () => {
  showConsole('/create-global-namespace?project=shop', rights());
  const choice = await screen.findByRole<HTMLSelectElement>('combobox', { name: /^Project/ });
  expect([choice.value, [...choice.options].map(({ value }) => value)]).toEqual(['shop', ['payments', 'shop']]);
  cleanup();
  showConsole('/create-global-namespace', rights());
  expect((await screen.findByRole<HTMLSelectElement>('combobox', { name: /^Project/ })).value).toBe('payments');
});

it('asks for no policy that may not be made there, and makes none', async () => {
  const draft = { ...filled, project: 'shop', access: 'DENY', slo: 'AVAILABILITY' };
  show('access', rights(), draft);
  await screen.findByText('You may not create an access policy in project shop');
  expect(screen.queryByRole('radiogroup')).toBeNull();
  cleanup();
  show('review', { ...rights(), ApplyDocument: seen('CREATED') }, draft);
  const documents = await screen.findByRole('region', { name: 'Documents' });
  expect(documents.textContent?.match(/^kind: .*/gm)).toEqual(['kind: GlobalNamespace', 'kind: EncryptionPolicy']);
});
