using GitOpsSecrets.Sealing.Fuzz;
using SharpFuzz;

// One target for afl-fuzz; the first byte of an input chooses the parser, the rest is its input. README.md says how to run it.
Fuzzer.OutOfProcess.Run(stream =>
{
    using var memory = new MemoryStream();
    stream.CopyTo(memory);
    FuzzTargets.Run(memory.GetBuffer().AsSpan(0, (int)memory.Length));
});
