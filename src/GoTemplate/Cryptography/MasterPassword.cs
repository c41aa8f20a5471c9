namespace GitOpsSecrets.GoTemplate.Cryptography;

/// <summary>The Master Password algorithm's tables: shapes of passwords and the characters each place may hold.</summary>
internal static class MasterPassword
{
    public static string[]? TemplatesOf(string kind) => kind switch
    {
        "maximum" => ["anoxxxxxxxxxxxxxxxxx", "axxxxxxxxxxxxxxxxxno"],
        "long" =>
        [
            "CvcvnoCvcvCvcv", "CvcvCvcvnoCvcv", "CvcvCvcvCvcvno", "CvccnoCvcvCvcv", "CvccCvcvnoCvcv", "CvccCvcvCvcvno", "CvcvnoCvccCvcv",
            "CvcvCvccnoCvcv", "CvcvCvccCvcvno", "CvcvnoCvcvCvcc", "CvcvCvcvnoCvcc", "CvcvCvcvCvccno", "CvccnoCvccCvcv", "CvccCvccnoCvcv",
            "CvccCvccCvcvno", "CvcvnoCvccCvcc", "CvcvCvccnoCvcc", "CvcvCvccCvccno", "CvccnoCvcvCvcc", "CvccCvcvnoCvcc", "CvccCvcvCvccno",
        ],
        "medium" => ["CvcnoCvc", "CvcCvcno"],
        "short" => ["Cvcn"],
        "basic" => ["aaanaaan", "aannaaan", "aaannaaa"],
        "pin" => ["nnnn"],
        _ => null,
    };

    public static string Fill(string[] templates, byte[] seed)
    {
        var template = templates[seed[0] % templates.Length];
        return string.Concat(template.Select((place, i) => Characters(place) is var characters ? characters[seed[i + 1] % characters.Length] : ' '));
    }

    private static string Characters(char place) => place switch
    {
        'V' => "AEIOU",
        'C' => "BCDFGHJKLMNPQRSTVWXYZ",
        'v' => "aeiou",
        'c' => "bcdfghjklmnpqrstvwxyz",
        'A' => "AEIOUBCDFGHJKLMNPQRSTVWXYZ",
        'a' => "AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz",
        'n' => "0123456789",
        'o' => "@&%?,=[]_:-+*$#!'^~;()/.",
        _ => "AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz0123456789!@#$%^&*()",
    };
}
