import {
  Button,
  FormGroup,
  MenuToggle,
  Select,
  SelectList,
  SelectOption,
  TextInputGroup,
  TextInputGroupMain,
  TextInputGroupUtilities,
} from '@patternfly/react-core';
import type { ReactNode, Ref } from 'react';
import { messages } from '../messages/messages.js';
import { FieldHelp } from './form-inputs.js';
import { useSearchList, type SearchListProps, type SearchListState } from './search-list.js';
import { Failed } from './states.js';

const texts = messages.searchChoice;
const CLOSING = ['Escape'];
/** Beside the field: what is elsewhere is hidden from screen readers while a dialog is open. */
const INLINE = { appendTo: 'inline' } as const;

interface SearchChoiceProps extends SearchListProps {
  isRequired?: boolean;
  help?: string;
}

/** One of many that a form asks for, found by a part of its name. */
export function SearchChoice({ isRequired = false, help, ...props }: SearchChoiceProps): ReactNode {
  return (
    <FormGroup label={props.label} fieldId={props.id} isRequired={isRequired}>
      <SearchField {...props} help={help} isRequired={isRequired} />
    </FormGroup>
  );
}

interface SearchFieldProps extends SearchListProps {
  isRequired?: boolean;
  help?: string | undefined;
}

/** The same without its title, for a row of filters. */
export function SearchField(props: SearchFieldProps): ReactNode {
  const { id, label, help } = props;
  const list = useSearchList(props);
  const isOpenEnded = isLeftOpen(props, list);
  const said = isOpenEnded ? texts.choose : list.isAsWritten ? texts.asWritten : help;
  return (
    <>
      <Select
        isOpen={list.isOpen}
        onOpenChange={list.setOpen}
        onOpenChangeKeys={CLOSING}
        variant="typeahead"
        isScrollable
        maxMenuHeight="16rem"
        popperProps={INLINE}
        // Whoever chooses with a pointer goes on in the field, too, as beside it.
        onMouseDown={(event) => event.preventDefault()}
        toggle={(toggle) => <Field {...props} list={list} toggle={toggle} isSaid={said !== undefined} />}
      >
        <SelectList id={`${id}-list`} aria-label={label}>
          {list.rows.map(({ key, text, note, isChosen, isMore, act }, index) => (
            <SelectOption
              key={key}
              id={`${id}-${index}`}
              value={key}
              isSelected={isChosen}
              isLoadButton={isMore}
              isFocused={index === list.at}
              description={note}
              onClick={act}
            >
              {text}
            </SelectOption>
          ))}
          {list.message === undefined ? null : <SelectOption isAriaDisabled>{list.message}</SelectOption>}
        </SelectList>
      </Select>
      <span role="status" className="pf-v6-screen-reader">
        {list.isOpen ? (list.message ?? texts.found(list.rows.length)) : null}
      </span>
      {said === undefined ? null : (
        <FieldHelp id={id} isWarning={isOpenEnded}>
          {said}
        </FieldHelp>
      )}
      {list.error === undefined ? null : <Failed error={list.error} again={list.again} />}
    </>
  );
}

/** True where something was looked for, and nothing chosen. */
function isLeftOpen({ value }: SearchFieldProps, { isOpen, error }: SearchListState): boolean {
  return value.text !== '' && value.id === '' && !isOpen && error === undefined;
}

interface FieldProps extends SearchFieldProps {
  list: SearchListState;
  toggle: Ref<HTMLDivElement>;
  /** True if something is said of it below. */
  isSaid: boolean;
}

function Field({ id, label, value, none, isRequired, list, toggle, isSaid }: FieldProps): ReactNode {
  return (
    <MenuToggle
      innerRef={toggle}
      className="isthmus-search-field"
      variant="typeahead"
      isFullWidth
      isExpanded={list.isOpen}
      aria-label={texts.open(label)}
      onMouseDown={(event) => {
        if (event.target !== list.input.current) event.preventDefault();
      }}
      onClick={() => {
        list.setOpen(!list.isOpen);
        list.input.current?.focus();
      }}
    >
      <TextInputGroup isPlain>
        <TextInputGroupMain
          innerRef={list.input}
          inputId={id}
          role="combobox"
          aria-label={label}
          aria-controls={`${id}-list`}
          isExpanded={list.isOpen}
          {...(list.isOpen && list.at >= 0 ? { 'aria-activedescendant': `${id}-${list.at}` } : {})}
          inputProps={{
            autoComplete: 'off',
            spellCheck: false,
            required: isRequired,
            'aria-autocomplete': 'list',
            ...(isSaid ? { 'aria-describedby': `${id}-help` } : {}),
            onKeyDown: list.press,
          }}
          placeholder={none}
          value={value.text}
          onFocus={({ currentTarget }) => (currentTarget as HTMLInputElement).select()}
          onBlur={() => list.setOpen(false)}
          onClick={() => list.setOpen(true)}
          onChange={(_, text) => list.change(text)}
        />
        {value.text === '' ? null : (
          <TextInputGroupUtilities>
            <Button
              variant="plain"
              aria-label={texts.clear(label)}
              onClick={list.clear}
              icon={<span aria-hidden="true">×</span>}
            />
          </TextInputGroupUtilities>
        )}
      </TextInputGroup>
    </MenuToggle>
  );
}
