// Entry of the bundle: a process that is the command line and nothing else.

import { main } from './main';

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // The reader has gone (`odonata … | head`): nobody is left to tell.
  process.exit(error.code === 'EPIPE' ? 0 : 1);
});

void main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
