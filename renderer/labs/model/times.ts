// How long things take, in words no more exact than a forecast can be.

export function aboutTime(seconds: number): string {
  if (seconds < 1) return 'a second';
  if (seconds < 10) return `${String(Math.round(seconds))} s`;
  if (seconds < 90) return `${String(5 * Math.round(seconds / 5))} s`;
  if (seconds < 90 * 60) return `${String(Math.round(seconds / 60))} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}
