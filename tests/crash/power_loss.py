"""What a power loss leaves of a folder: the bytes that were synced, the names whose folder was synced, and of all else nothing, all, or anything in between.

disk.cpp journals what the server did. Here it is replayed over a picture of the folder taken before the start, and the folder is put into one of the states
that the machine may find it in.
"""

import os
import pathlib
import shutil

PAGE = 4096


class Folder:
    """Names, as programs see them and as they were when the folder was last synced. A name leads to a Folder or to a file's inode."""

    def __init__(self):
        self.names, self.synced = {}, {}


def picture(path, sizes):
    """The folder as it is, all of it synced. Adds the files' sizes by inode."""
    folder = Folder()
    for entry in os.scandir(path):
        if entry.is_dir(follow_symlinks=False):
            folder.names[entry.name] = picture(entry.path, sizes)
        elif entry.is_file(follow_symlinks=False):
            folder.names[entry.name] = entry.inode()
            sizes[entry.inode()] = entry.stat().st_size
    folder.synced = dict(folder.names)
    return folder


class Disk:
    """The folder `path` that a server writes below, through one run after the other. `beside` is a folder of the harness's own on the same file system."""

    def __init__(self, path, beside):
        self.path, self.beside = pathlib.Path(path), pathlib.Path(beside)
        self.journal, self.shelter, self.order = self.beside / "journal", self.beside / "shelter", self.beside / "order"
        self.order.write_bytes(b"".ljust(320, b"\0"))

        self.take_picture()

    def take_picture(self):
        """From here on all that is there counts as synced."""
        shutil.rmtree(self.shelter, ignore_errors=True)
        self.shelter.mkdir()
        self.journal.write_bytes(b"")
        self.sizes = {}
        self.root = picture(self.path, self.sizes)

    def variables(self, library):
        """For the server's environment."""
        return {"LD_PRELOAD": str(library), "DISK_FOLDER": str(self.path), "DISK_ORDER": str(self.order), "DISK_JOURNAL": str(self.journal),
                "DISK_SHELTER": str(self.shelter)}

    def command(self, order):
        """Replaces what the server's disk is to do; nothing: to work."""
        with open(self.order, "r+b") as file:
            os.pwrite(file.fileno(), order.encode().ljust(319, b"\0") + b"\0", 0)

    def parent(self, path):
        relative = pathlib.PurePath(path).relative_to(self.path)
        folder = self.root
        for name in relative.parts[:-1]:
            folder = folder.names[name]
        return folder, relative.name

    def replay(self):
        """After the server's end: the journal's lines, in order. Answers what the picture can't hold. What wasn't synced stays so in the next run."""
        begun, strange = {}, []
        for line in self.journal.read_text().splitlines():
            kind, *rest = line.split(" ")
            if kind == "create":
                folder, name = self.parent(rest[1])
                folder.names[name] = int(rest[0])
                self.sizes[int(rest[0])] = 0
            elif kind == "mkdir":
                folder, name = self.parent(rest[0])
                folder.names[name] = Folder()
            elif kind == "rename":
                folder, name = self.parent(rest[0])
                moved = folder.names.pop(name)
                folder, name = self.parent(rest[1])
                folder.names[name] = moved
            elif kind == "remove":
                folder, name = self.parent(rest[0])
                folder.names.pop(name, None)  # a name that a child process made isn't in the picture
            elif kind == "cut":
                self.sizes[int(rest[0])] = int(rest[1])
            elif kind == "begin":
                folder, name = (None, None) if rest[3] == str(self.path) else self.parent(rest[3])
                entry = self.root if folder is None else folder.names.get(name)
                is_folder = isinstance(entry, Folder)
                begun[rest[0]] = (entry, dict(entry.names)) if is_folder else (int(rest[1]), int(rest[2]))
            elif kind == "end":
                what, state = begun.pop(rest[0])
                if isinstance(what, Folder):
                    what.synced = state
                else:
                    self.sizes[what] = max(self.sizes.get(what, 0), state)
            elif kind == "!":
                strange.append(line)
        self.journal.write_bytes(b"")
        self.look_again(self.root, self.path)
        return strange

    def look_again(self, folder, path):
        """What was done and not yet journaled when the server was killed."""
        there = {entry.name: entry for entry in os.scandir(path)}
        folder.names = {name: entry for name, entry in folder.names.items() if name in there}
        for name, entry in there.items():
            if entry.is_dir(follow_symlinks=False):
                if not isinstance(folder.names.get(name), Folder):
                    folder.names[name] = Folder()
                self.look_again(folder.names[name], entry.path)
            elif entry.is_file(follow_symlinks=False):
                folder.names[name] = entry.inode()
                self.sizes.setdefault(entry.inode(), 0)

    def lose_power(self, chance):
        """After replay(): undoes what wasn't synced, each time in another of the ways that are possible. Answers which way it was."""
        tails = chance.choice(("no tails", "torn tails", "tails with holes"))
        if chance.random() < 0.3:
            how = "names kept, " + tails
            for place, _, names in os.walk(self.path / "data"):
                for name in names:
                    self.cut(pathlib.Path(place, name), tails, chance)
        else:
            how = "names lost, " + tails
            where = {entry.stat().st_ino: entry for top in (self.path / "data", self.shelter) for entry in top.rglob("*") if entry.is_file() and not entry.is_symlink()}
            old, new = self.beside / "old", self.beside / "new"
            kept = self.root.synced.get("data")
            if kept is not None:
                self.rebuild(kept, new, self.path / "data", where, tails, chance)
            (self.path / "data").rename(old)
            if kept is not None:
                new.rename(self.path / "data")
            shutil.rmtree(old)
        self.take_picture()
        return how

    def rebuild(self, folder, to, was, where, tails, chance):
        to.mkdir(mode=0o700)
        if was.is_dir():
            shutil.copystat(was, to)
        for name, entry in folder.synced.items():
            if isinstance(entry, Folder):
                self.rebuild(entry, to / name, was / name, where, tails, chance)
            else:
                os.link(where[entry], to / name)
                self.cut(to / name, tails, chance)

    def cut(self, path, tails, chance):
        """Leaves the synced bytes, and of those after them what `tails` says."""
        status = path.lstat()
        synced = self.sizes.get(status.st_ino, 0)
        if status.st_size <= synced:
            return
        size = synced if tails == "no tails" else chance.randint(synced, status.st_size)
        mode = status.st_mode & 0o7777
        os.chmod(path, 0o600)
        with open(path, "r+b") as file:
            file.truncate(size)
            for page in range(synced // PAGE, size // PAGE + 1) if tails == "tails with holes" else ():
                if chance.random() < 0.5:
                    begin, end = max(page * PAGE, synced), min((page + 1) * PAGE, size)
                    os.pwrite(file.fileno(), bytes(end - begin), begin)
        os.chmod(path, mode)
