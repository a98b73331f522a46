// The application menu. Entries that the window carries out are sent to it as commands.

import { app, Menu, type MenuItemConstructorOptions } from 'electron';
import { announce } from './door';

const command = (label: string, name: string, accelerator?: string): MenuItemConstructorOptions => ({
  label,
  ...(accelerator === undefined ? {} : { accelerator }),
  click: () => {
    announce('menu.command', { command: name });
  },
});
const line: MenuItemConstructorOptions = { type: 'separator' };

export function setMenu(): void {
  const menu: MenuItemConstructorOptions[] = [
    {
      label: '&File',
      submenu: [
        command('New', 'file.new', 'CmdOrCtrl+N'),
        command('Open…', 'file.open', 'CmdOrCtrl+O'),
        command('Import capture…', 'file.import'),
        command('Open packetdrill script…', 'script.open'),
        command('Open bundle of runs…', 'bundle.open'),
        line,
        command('Save', 'file.save', 'CmdOrCtrl+S'),
        command('Save as…', 'file.saveAs', 'CmdOrCtrl+Shift+S'),
        line,
        command('Export figure…', 'figure.open', 'CmdOrCtrl+E'),
        line,
        { role: 'quit' },
      ],
    },
    {
      label: '&Edit',
      submenu: [
        command('Undo', 'edit.undo', 'CmdOrCtrl+Z'),
        command('Redo', 'edit.redo', 'CmdOrCtrl+Shift+Z'),
        line,
        { role: 'cut' },
        { role: 'copy' },
        { role: 'paste' },
      ],
    },
    {
      label: '&Run',
      submenu: [
        command('Run', 'run.start', 'F5'),
        command('Pause or resume', 'run.toggle', 'F6'),
        command('Step', 'run.step', 'F10'),
        command('Stop', 'run.stop', 'Shift+F5'),
      ],
    },
    {
      label: '&Labs',
      submenu: [
        command('Catalogue of labs', 'labs.open', 'CmdOrCtrl+L'),
        command('Guided labs', 'guide.open'),
        line,
        command('Class: marks, own labs', 'class.open'),
      ],
    },
    {
      label: '&View',
      submenu: [
        command('Command palette…', 'app.palette', 'CmdOrCtrl+K'),
        command('Light or dark', 'app.theme'),
        command('Experiments', 'panel.experiments', 'CmdOrCtrl+Shift+X'),
        command('Packets', 'panel.packets', 'CmdOrCtrl+Shift+L'),
        command('Why was this sent?', 'packets.why', 'CmdOrCtrl+Shift+Y'),
        command('Compare runs', 'panel.compare', 'CmdOrCtrl+Shift+D'),
        command('Maximise panel, or back', 'app.maximize', 'CmdOrCtrl+Shift+M'),
        command('Restore panels', 'app.resetLayout'),
        line,
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { role: 'resetZoom' },
        { role: 'togglefullscreen' },
        ...(app.isPackaged ? [] : [{ role: 'toggleDevTools' } as const]),
      ],
    },
    { label: '&Help', submenu: [command('Start page', 'app.start'), command('About Odonata', 'app.about')] },
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(menu));
}
