import { Alert, Button, Content, Flex, Grid, GridItem, Radio, TextArea, Title } from '@patternfly/react-core';
import { useMemo, type ReactNode } from 'react';
import { DiffView } from '../resources/diff-view.js';
import { useKeptForm } from '../shell/kept-form.js';
import { mergeMessages as texts } from './merge-messages.js';
import { CHOICES, isDispute, mergedText, threeWay, type Choice, type Dispute } from './three-way.js';

interface MergeViewProps {
  /** The document from which mine began. */
  base: string;
  mine: string;
  /** The document as it stands now, at its version. */
  theirs: string;
  resourceVersion: string;
  /** Goes on with a text that replaces what stands now. */
  take: (text: string) => void;
}

/** Two changes of one document: what it was, what each made of it, and what shall become of it. Nothing is applied by it. */
export function MergeView(props: MergeViewProps): ReactNode {
  const { base, mine, theirs, resourceVersion } = props;
  const parts = useMemo(() => threeWay({ base, mine, theirs, resourceVersion }), [base, mine, theirs, resourceVersion]);
  const disputes = parts.filter(isDispute);
  const { choices, edited, change, forget } = useDecisions(mine, resourceVersion);
  const merged = edited ?? mergedText(parts, choices);
  const open = disputes.filter((_, index) => choices[index] === undefined).length;
  const choose = (index: number, choice: Choice): void => {
    change({ edited: undefined, choices: disputes.map((_, at) => (at === index ? choice : choices[at])) });
  };
  const take = (text: string): void => {
    forget();
    props.take(text);
  };
  const all = (choice: Choice): string =>
    mergedText(
      parts,
      disputes.map(() => choice),
    ) ?? '';
  return (
    <section aria-label={texts.title} className="isthmus-merge">
      <Alert isInline variant="warning" component="h2" title={texts.title}>
        <p>{texts.lead}</p>
        <p>{standingOf(disputes.length, open)}</p>
      </Alert>
      {disputes.map((dispute, index) => (
        <OneDispute
          key={index}
          dispute={dispute}
          title={texts.place(index + 1, disputes.length)}
          name={`dispute-${index}`}
          choice={choices[index]}
          choose={(choice) => choose(index, choice)}
        />
      ))}
      {merged === undefined ? null : <Merged text={merged} edit={(text) => change({ edited: text })} />}
      <Flex>
        <Button
          isDisabled={merged === undefined}
          title={merged === undefined ? texts.useFirst : undefined}
          onClick={() => take(merged ?? '')}
        >
          {texts.use}
        </Button>
        <Button variant="secondary" onClick={() => take(theirs)}>
          {texts.takeTheirs}
        </Button>
        {disputes.length === 0 ? null : (
          <Button variant="link" onClick={() => take(all('mine'))}>
            {texts.allMine}
          </Button>
        )}
      </Flex>
      <Content component="small">{texts.after}</Content>
    </section>
  );
}

interface Decisions {
  /** What was merged. */
  mine: string;
  choices: readonly (Choice | undefined)[];
  /** What came of it, as it was edited. */
  edited?: string | undefined;
}

/** What was chosen and edited of this merge: kept as what is merged is, for whoever has to sign in again in the middle of it. */
function useDecisions(mine: string, resourceVersion: string) {
  const none: Decisions = { mine, choices: [] };
  const { value, draft } = useKeptForm<Decisions>(`merge with ${resourceVersion}`, none);
  const { choices, edited } = value.mine === mine ? value : none;
  const change = (part: Partial<Decisions>): void => draft.write(JSON.stringify({ mine, choices, edited, ...part }));
  return { choices: choices.map((choice) => choice ?? undefined), edited, change, forget: draft.forget };
}

function standingOf(disputes: number, open: number): string {
  if (disputes === 0) return texts.none;
  return open === 0 ? texts.chosen : texts.open(open);
}

function Merged({ text, edit }: { text: string; edit: (text: string) => void }): ReactNode {
  return (
    <>
      <label htmlFor="merged">{texts.merged}</label>
      <TextArea
        id="merged"
        className="isthmus-merged"
        value={text}
        rows={16}
        spellCheck={false}
        resizeOrientation="vertical"
        onChange={(_, value) => edit(value)}
      />
      <Content component="small">{texts.mergedHelp}</Content>
    </>
  );
}

interface OneDisputeProps {
  dispute: Dispute;
  title: string;
  name: string;
  choice: Choice | undefined;
  choose: (choice: Choice) => void;
}

function OneDispute({ dispute, title, name, choice, choose }: OneDisputeProps): ReactNode {
  return (
    <fieldset className="isthmus-group">
      <legend>{title}</legend>
      <Grid hasGutter>
        {(['base', 'theirs', 'mine'] as const).map((side) => (
          <GridItem key={side} md={4}>
            <Title headingLevel="h3" size="md">
              {texts[side]}
            </Title>
            <DiffView label={`${title}: ${texts[side]}`} diff={dispute[side].join('\n') || texts.nothingThere} />
          </GridItem>
        ))}
      </Grid>
      <Flex role="radiogroup" aria-label={`${texts.take}: ${title}`}>
        {CHOICES.map((one) => (
          <Radio
            key={one}
            id={`${name}-${one}`}
            name={name}
            label={texts[one]}
            isChecked={choice === one}
            onChange={() => choose(one)}
          />
        ))}
      </Flex>
    </fieldset>
  );
}
