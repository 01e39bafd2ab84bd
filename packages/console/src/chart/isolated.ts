/**
 * Places of values with nothing on either side: a line cannot show them, and a first sample or a lone one between
 * two outages must not be left out.
 */
export function isolatedPoints(values: ArrayLike<number | null | undefined>): number[] {
  const places: number[] = [];
  for (let i = 0; i < values.length; i += 1) {
    if (values[i] == null || values[i - 1] != null || values[i + 1] != null) continue;
    places.push(i);
  }
  return places;
}
