// In place of @stdlib/assert-has-generator-support, which asks by eval: the window's policy forbids that, and the answer is known.

module.exports = () => true;
