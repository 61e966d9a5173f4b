import type { InputObjectRef } from '@pothos/core';
import type { LabelExpression } from '@isthmus/domain';
import { builder, type Types } from '../../graphql/builder.js';

const Operator = builder.enumType('LabelOperator', {
  description: 'What a selector asks of one label.',
  values: {
    IN: { value: 'In', description: 'It has one of the values.' },
    NOT_IN: { value: 'NotIn', description: 'It has none of the values; also where the label is absent.' },
    EXISTS: { value: 'Exists', description: 'It is there, whatever its value.' },
    DOES_NOT_EXIST: { value: 'DoesNotExist', description: 'It is absent.' },
  } as const,
});

export interface LabelExpressionModel {
  key: string;
  operator: LabelExpression['operator'];
  values?: string[] | null;
}

export const LabelExpressionInput: InputObjectRef<Types, LabelExpressionModel> = builder
  .inputRef<LabelExpressionModel>('LabelExpressionInput')
  .implement({
    description: 'One condition on labels, as in selectors of YAML.',
    fields: (t) => ({
      key: t.string({ required: true, description: 'Key, with its prefix.' }),
      operator: t.field({ type: Operator, required: true, description: 'What is asked of it.' }),
      values: t.stringList({ description: 'Values of IN and NOT_IN; the other operators take none.' }),
    }),
  });
