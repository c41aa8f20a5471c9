using GitOpsSecrets.Sops;

namespace GitOpsSecrets.Seal.Cli.Sops;

/// <summary>The original's exit codes, which scripts tell failures apart by; what it has none for is 1.</summary>
internal static class SopsExitCode
{
    public const int CannotReadInput = 2;
    public const int InvalidSetPath = 7;
    public const int ConflictingParameters = 8;
    public const int CannotDecryptTree = 25;
    public const int MacMismatch = 51;
    public const int InvalidTreePath = 91;
    public const int NoFile = 100;
    public const int NoKey = 128;
    public const int NotModified = 200;
    public const int NoEditor = 201;
    public const int AlreadyEncrypted = 203;

    /// <summary>Of all of them, for people.</summary>
    public const string Help = """
          as in sops: 2 the input cannot be read   7, 91 no such path   8 flags contradict each other
          25 a value is not authentic   51 the file was changed   100 no file   128 no key opens it
          200 nothing was changed in the editor   201 no editor   203 encrypted already

        """;

    /// <param name="failure">Of opening a file; where keys to encrypt to are missing, the original says 1 instead.</param>
    public static int Of(SopsFailure failure) => failure switch
    {
        SopsFailure.AlreadySealed => AlreadyEncrypted,
        SopsFailure.NoKey or SopsFailure.DataKey or SopsFailure.Unavailable => NoKey,
        SopsFailure.Value or SopsFailure.Plaintext => CannotDecryptTree,
        SopsFailure.Mac => MacMismatch,
        _ => ExitCode.Failure,
    };
}
