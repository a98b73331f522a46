// Switches each rule of the kernel off in turn.

import { testRules } from './mutant';
import { RULES } from './rules';

testRules(RULES);
