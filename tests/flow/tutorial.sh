# The tutorial and README's tour: their commands do, as they are written, what the pages say, and what
# is shown beneath a command is what it prints.
# shellcheck source=tests/flow/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/flow/lib_pages.sh
. "$flow_folder/lib_pages.sh"

cut_page "$pages/docs/tutorial.md" tutorial-blocks
follow tutorial 20 5
stop_server

sed -n '/^## A short tour/,/^## Documentation/p' "$pages/README.md" >tour.md
cut_page tour.md tour-blocks
rm -rf sandbox production approver approver.pub
ln -s "$pages/docs" "$TMPDIR/docs"
mkdir "$TMPDIR/tour"
cp -r tour-blocks "$TMPDIR/tour"
cd "$TMPDIR/tour"
follow tour 5 0
