// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.sidecar;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Memory that the server lends and reads, for the batches of one exchange at a time. It is mapped until the garbage
 * collector frees this object.
 */
final class SharedMemory {
    private static final String KEPT = "kept";
    private static final String ACKNOWLEDGE = "acknowledge";
    /** In the request for memory, what this client can use: kept batches, and exchanges that acknowledge theirs. */
    static final String USES = KEPT + " " + ACKNOWLEDGE;

    /** The server's answer: the file's name, the token, the size, and which of these it has. */
    private static final Pattern LENT = Pattern.compile(
            "(headcount-[0-9A-Z]{20,64}) ([0-9a-f]{64}) (\\d{1,9})( " + KEPT + ")?( " + ACKNOWLEDGE + ")?");
    /** Where a server may have the file, besides the socket's folder. */
    private static final Path SYSTEM_FOLDER = Path.of("/dev/shm");

    private final String token;
    private final MappedByteBuffer bytes;
    private final boolean keeps;
    private final boolean acknowledges;
    private volatile boolean lent = true;
    /** How often batches have been written from the start again. Within a lap nothing is written twice. */
    private volatile int lap;
    /** Whether anything of this lap may be referred to later. */
    private boolean used;
    /** The length of the last exchange. */
    private long last;
    /** The exchange that stays open; null before there is one. */
    private KeptCall kept;

    private SharedMemory(String token, MappedByteBuffer bytes, boolean keeps, boolean acknowledges) {
        this.token = token;
        this.bytes = bytes;
        this.keeps = keeps;
        this.acknowledges = acknowledges;
    }

    /**
     * Maps what the server has lent, and removes the file's name. Only names, not paths, come from the server, and the
     * file must begin with the token, so that no other file is written to.
     *
     * @return null if the file is not there or not readable for this user, as when the server is in another container
     */
    static SharedMemory open(byte[] answer, Path socket) throws Malformed {
        Matcher lent = LENT.matcher(new String(answer, StandardCharsets.ISO_8859_1));
        if (!lent.matches()) {
            throw new Malformed("shared memory that cannot be understood");
        }
        for (Path folder : List.of(socket.toAbsolutePath().getParent(), SYSTEM_FOLDER)) {
            try {
                MappedByteBuffer bytes =
                        map(folder.resolve(lent.group(1)), lent.group(2), Long.parseLong(lent.group(3)));
                if (bytes != null) {
                    return new SharedMemory(lent.group(2), bytes, lent.group(4) != null, lent.group(5) != null);
                }
            } catch (IOException e) {
                // Not there, or of another user: batches go in messages.
                continue;
            }
        }
        return null;
    }

    private static MappedByteBuffer map(Path file, String token, long size) throws IOException {
        byte[] expected = HexFormat.of().parseHex(token);
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
            ByteBuffer found = ByteBuffer.allocate(expected.length);
            if (channel.size() != size || size < expected.length || channel.read(found, 0) != expected.length) {
                return null;
            }
            if (!MessageDigest.isEqual(found.array(), expected)) {
                return null;
            }
            MappedByteBuffer bytes = channel.map(FileChannel.MapMode.READ_WRITE, 0, size);
            Files.deleteIfExists(file);
            return bytes;
        }
    }

    String token() {
        return token;
    }

    /** The token as a batch has it. */
    byte[] tokenBytes() {
        return HexFormat.of().parseHex(token);
    }

    /** Whether the server acknowledges the batches of an exchange that asks for it. */
    boolean acknowledges() {
        return acknowledges;
    }

    /** Called when the server has taken it back. */
    void returned() {
        lent = false;
        keep(null);
    }

    synchronized KeptCall kept() {
        return kept;
    }

    /** Keeps an exchange open, and ends the one before. */
    synchronized void keep(KeptCall next) {
        if (kept != null) {
            kept.end();
        }
        kept = next;
        if (next != null && !lent) {
            next.end();
        }
    }

    boolean isLent() {
        return lent;
    }

    /**
     * Starts an exchange with bodies of a total length. What earlier ones wrote stays where it is if it is kept for later
     * calls and there is room.
     */
    void begin(long length) {
        last = length;
        if (!used || length > bytes.remaining()) {
            lap++; // before anything is overwritten
            used = false;
            bytes.clear();
        }
    }

    /** The bodies of this lap may be referred to later. */
    void use() {
        used = keeps;
    }

    /** Whether the server keeps its copy of a batch until another one is written there. */
    boolean keeps() {
        return keeps;
    }

    int lap() {
        return lap;
    }

    /** Where the next body will be. */
    int offset() {
        return bytes.position();
    }

    /** Whether another exchange like the last one would end this lap. */
    boolean isFull() {
        return bytes.remaining() < last + last / 8;
    }

    /** Whether bytes are here, from an offset on. Only of a lap that has not ended afterwards is the answer of use. */
    boolean holds(int offset, ByteBuffer expected) {
        return bytes.slice(offset, expected.remaining()).mismatch(expected) < 0;
    }

    /** Writes a batch's body, and returns the message that refers to it; the same message if the body does not fit. */
    OutgoingMessage place(OutgoingMessage batch) {
        return place(batch, null);
    }

    /** The same, for a call that does not name this memory: the message names it by its token. */
    OutgoingMessage placeNamed(OutgoingMessage batch) {
        return place(batch, tokenBytes());
    }

    private OutgoingMessage place(OutgoingMessage batch, byte[] token) {
        int from = bytes.position();
        if (batch.bodyLength() == 0 || batch.bodyLength() > bytes.remaining()) {
            return batch;
        }
        try {
            batch.writeBody(new Output());
        } catch (IOException | BufferOverflowException e) {
            throw new IllegalStateException(e);
        }
        return batch.at(token, from);
    }

    private final class Output extends OutputStream {
        @Override
        public void write(int value) {
            bytes.put((byte) value);
        }

        @Override
        public void write(byte[] from, int start, int length) {
            bytes.put(from, start, length);
        }
    }
}
