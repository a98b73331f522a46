// One animation frame for the whole window: whoever has something to draw is asked once a frame.

const drawers = new Set<() => void>();
let scheduled = false;

function frame(): void {
  scheduled = false;
  for (const draw of drawers) draw();
  if (drawers.size > 0) schedule();
}

function schedule(): void {
  if (scheduled) return;
  scheduled = true;
  requestAnimationFrame(frame);
}

/** Calls `draw` every frame until the returned function is called. */
export function onFrame(draw: () => void): () => void {
  drawers.add(draw);
  schedule();
  return () => drawers.delete(draw);
}
