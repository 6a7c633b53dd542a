#!/bin/sh
# kinds.txt with one line more, for tests/field.sh.
set -eu
sed '/^  28 key /a\
  29 blood     text  public  lsaf | Blood group   | گروه خون      | Qan qrupu        | blood group, qan qrupu, گروه خون | |' "$1"
