// Wall time for who waits for processes that may hang.

import { clearTimeout, setTimeout } from 'node:timers';
import type { SetAlarm } from '../experiment';

export const setAlarm: SetAlarm = (ms, call) => {
  const timer = setTimeout(call, ms);
  return () => {
    clearTimeout(timer);
  };
};
