// How busy the links of the running scenario are, for the drawing: per direction utilisation, packets waiting, drops.

import { shallowRef } from 'vue';

/** Three numbers per direction, forward then reverse, in the order of the scenario; undefined when nothing runs. */
export const linkActivity = shallowRef<Float64Array>();
