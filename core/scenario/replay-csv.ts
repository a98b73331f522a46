// The CSV of a measured workload: rows of time_s,bytes[,from,to[,urgent]], with or without a heading. What is urgent was written with
// MSG_OOB (RFC 6093).

export interface CsvRecord {
  readonly at: number;
  readonly bytes: number;
  readonly from?: string;
  readonly urgent?: true;
}

const PROBLEMS_MAX = 20;
/** What is wrong with an urgent record of a UDP replay. */
export const NO_URGENT_DATAGRAMS = 'datagrams have no urgent data';

/**
 * Records in the order of the rows; times become nanoseconds.
 * @param flow whose rows they are; without ends when these are not known, and rows cannot be judged by them
 */
export function readReplayCsv(
  csv: string,
  { ends, protocol }: { ends: { from: string; to: string } | undefined; protocol: 'tcp' | 'udp' },
  report: (message: string, suggestion: string) => void,
): CsvRecord[] {
  const records: CsvRecord[] = [];
  let problems = 0;
  const complain = (line: number, message: string): void => {
    problems += 1;
    if (problems > PROBLEMS_MAX) return;
    report(`row ${String(line)}: ${message}`, 'a row is time_s,bytes[,from,to[,urgent]], such as 0.25,1448');
  };
  let last = 0;
  csv.split(/\r?\n/u).forEach((row, index) => {
    const line = index + 1;
    const cells = row.split(',').map((cell) => cell.trim());
    if (row.trim() === '' || (index === 0 && Number.isNaN(Number(cells[0])))) return;
    const [time = '', size = '', from, to, mark = ''] = cells;
    const at = Math.round(Number(time) * 1e9);
    const bytes = Number(size);
    if (time === '' || !Number.isFinite(at) || at < 0) complain(line, `"${time}" is not a time in seconds`);
    else if (!Number.isInteger(bytes) || bytes < 1) complain(line, `"${size}" is not a number of bytes`);
    else if (at < last) complain(line, 'the time runs backwards');
    else if (ends !== undefined && from !== undefined && from !== '' && from !== ends.from && from !== ends.to)
      complain(line, `"${from}" is not an end of this flow`);
    else if (
      ends !== undefined &&
      to !== undefined &&
      to !== '' &&
      (to === from || (to !== ends.from && to !== ends.to))
    )
      complain(line, `"${to}" is not the other end`);
    else if (mark !== '' && mark !== 'urgent') complain(line, `"${mark}" is neither "urgent" nor empty`);
    else if (mark !== '' && protocol === 'udp') complain(line, NO_URGENT_DATAGRAMS);
    else {
      last = at;
      const sender = from === undefined || from === '' ? {} : { from };
      records.push({ at, bytes, ...sender, ...(mark === '' ? {} : { urgent: true }) });
    }
  });
  return records;
}
