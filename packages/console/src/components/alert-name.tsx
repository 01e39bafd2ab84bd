import { Fragment } from 'react';

/** An alert's name, which may break between its words where a column is narrow, and copies as one. */
export function AlertName({ name }: { name: string }) {
  const words = name.split(/(?<=[a-z0-9])(?=[A-Z])/);
  return (
    <strong>
      {words.map((word, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the words of a name never reorder
        <Fragment key={index}>
          {index > 0 && <wbr />}
          {word}
        </Fragment>
      ))}
    </strong>
  );
}
