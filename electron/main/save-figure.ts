// Writes a figure that the window drew. PDF and PNG are made exactly as the command line makes them.

import { dialog } from 'electron';
import { svgToPdf, svgToPng } from '../../core/print';
import { writeWhole } from '../../core/store';
import type { Request } from '../ipc';

export async function saveFigure(figure: Request<'figures.save'>): Promise<{ path: string } | undefined> {
  const { format, content, suggestedName, widthMm, heightMm, dpi } = figure;
  const filters = [{ name: format.toUpperCase(), extensions: [format] }];
  const { filePath } = await dialog.showSaveDialog({ defaultPath: suggestedName, filters });
  if (filePath === undefined || filePath === '') return undefined;
  if (format === 'pdf') writeWhole(filePath, await svgToPdf(content, widthMm, heightMm, suggestedName));
  else if (format === 'png') writeWhole(filePath, svgToPng(content, widthMm, dpi));
  else writeWhole(filePath, content);
  return { path: filePath };
}
