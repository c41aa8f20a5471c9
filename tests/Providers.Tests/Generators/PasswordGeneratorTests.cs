using System.Text;
using GitOpsSecrets.Api.Generators;
using GitOpsSecrets.Providers.Generators.Password;

namespace GitOpsSecrets.Providers.Tests.Generators;

public sealed class PasswordGeneratorTests
{
    private readonly GeneratorSetUp passwords = new(new PasswordGenerator());

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("""{"length":0,"symbolCharacters":"","encoding":""}""")]
    public async Task A_spec_that_says_nothing_gives_24_characters_a_quarter_digits_a_quarter_symbols_none_twice(string spec)
    {
        Assert.Empty(passwords.Check(spec));
        var password = Assert.Single(await passwords.TextsAsync(spec));

        Assert.Equal("password", password.Key);
        Assert.Equal(24, password.Value.Length);
        Assert.Equal(6, password.Value.Count(char.IsAsciiDigit));
        Assert.Equal(6, password.Value.Count(PasswordSpec.DefaultSymbolCharacters.Contains));
        Assert.Equal(12, password.Value.Count(char.IsAsciiLetter));
        Assert.Distinct(password.Value);
    }

    [Theory]
    [InlineData("""{"length":10,"digits":3,"symbols":2}""", 3, 2, 5)]
    [InlineData("""{"length":10,"digits":0,"symbols":0}""", 0, 0, 10)]
    [InlineData("""{"length":10,"digits":10,"symbols":0}""", 10, 0, 0)]
    [InlineData("""{"length":52,"digits":0,"symbols":0}""", 0, 0, 52)]
    [InlineData("""{"length":200,"allowRepeat":true}""", 50, 50, 100)]
    [InlineData("""{"length":7}""", 1, 1, 5)]
    [InlineData("""{"length":1}""", 0, 0, 1)]
    public async Task Each_kind_of_character_comes_as_often_as_the_spec_says(string spec, int digits, int symbols, int letters)
    {
        var password = (await passwords.TextsAsync(spec))["password"];

        Assert.Equal((digits, symbols, letters), (password.Count(char.IsAsciiDigit), password.Count(PasswordSpec.DefaultSymbolCharacters.Contains), password.Count(char.IsAsciiLetter)));
    }

    [Fact]
    public async Task Without_upper_case_all_letters_are_lower()
    {
        var password = (await passwords.TextsAsync("""{"length":26,"digits":0,"symbols":0,"noUpper":true}"""))["password"];

        Assert.Equal("abcdefghijklmnopqrstuvwxyz", string.Concat(password.Order()));
        Assert.NotEqual("abcdefghijklmnopqrstuvwxyz", password);
    }

    [Fact]
    public async Task Symbols_are_those_that_the_spec_names_whatever_script_they_are_of()
    {
        var password = (await passwords.TextsAsync("""{"length":3,"digits":0,"symbols":3,"symbolCharacters":"ä€😀"}"""))["password"];

        Assert.Equal(["€", "ä", "😀"], password.EnumerateRunes().Select(character => character.ToString()).Order(StringComparer.Ordinal).OrderBy(text => text.Length).ThenBy(text => text == "ä"));
    }

    [Fact]
    public async Task Symbols_that_are_letters_and_digits_too_are_not_repeated_among_these()
    {
        for (var attempt = 0; attempt < 50; attempt++)
        {
            var password = (await passwords.TextsAsync("""{"length":31,"digits":8,"symbols":4,"symbolCharacters":"12ab","noUpper":true}"""))["password"];
            Assert.Equal(31, password.Length);
            Assert.Distinct(password);
        }
    }

    [Fact]
    public async Task Each_key_gets_a_password_of_its_own()
    {
        var values = await passwords.TextsAsync("""{"secretKeys":["admin","reader"]}""");

        Assert.Equal(["admin", "reader"], values.Keys.Order(StringComparer.Ordinal));
        Assert.NotEqual(values["admin"], values["reader"]);
    }

    [Theory]
    [InlineData("raw", "???>>>")]
    [InlineData("base64", "Pz8/Pj4+")]
    [InlineData("base64url", "Pz8_Pj4-")]
    [InlineData("base32", "H47T6PR6HY======")]
    [InlineData("hex", "3f3f3f3e3e3e")]
    public void An_encoding_is_what_its_name_says(string encoding, string text)
        => Assert.Equal(text, Encoding.ASCII.GetString(PasswordEncoding.Encode("???>>>"u8, encoding)));

    [Fact]
    public void Base64_is_padded_in_both_alphabets()
    {
        Assert.Equal("Pw==", Encoding.ASCII.GetString(PasswordEncoding.Encode("?"u8, "base64")));
        Assert.Equal("Pw==", Encoding.ASCII.GetString(PasswordEncoding.Encode("?"u8, "base64url")));
    }

    [Fact]
    public async Task The_encoding_of_the_spec_is_applied()
    {
        var password = (await passwords.TextsAsync("""{"length":9,"encoding":"hex"}"""))["password"];

        Assert.Equal(18, password.Length);
        Assert.All(password, digit => Assert.True(char.IsAsciiHexDigitLower(digit)));
        Assert.Equal(9, Encoding.UTF8.GetString(Convert.FromHexString(password)).Length);
    }

    [Fact]
    public async Task The_same_chance_gives_the_same_password_and_other_chance_another()
    {
        var first = await new GeneratorSetUp(new PasswordGenerator()) { Random = new(5) }.TextsAsync("{}");
        var same = await new GeneratorSetUp(new PasswordGenerator()) { Random = new(5) }.TextsAsync("{}");
        var other = await new GeneratorSetUp(new PasswordGenerator()) { Random = new(6) }.TextsAsync("{}");

        Assert.Equal(first, same);
        Assert.NotEqual(first, other);
    }

    [Fact]
    public async Task Digits_stand_anywhere_in_the_password()
    {
        var places = new int[4];
        for (var attempt = 0; attempt < 400; attempt++)
        {
            var password = (await passwords.TextsAsync("""{"length":4,"digits":1,"symbols":0}"""))["password"];
            places[password.IndexOfAny([.. "0123456789"])]++;
        }

        Assert.All(places, count => Assert.InRange(count, 60, 140));
    }

    [Theory]
    [InlineData("""{"length":10,"digits":6,"symbols":5}""", "6 digits and 5 symbols are more than the length of 10")]
    [InlineData("""{"length":20,"digits":11,"symbols":0}""", "11 digits without repetition, but there are only 10: ask for fewer, or set allowRepeat")]
    [InlineData("""{"length":44,"symbols":0}""", "11 digits without repetition, but there are only 10: ask for fewer, or set allowRepeat")]
    [InlineData("""{"length":27,"digits":0,"symbols":0,"noUpper":true}""", "27 letters without repetition, but there are only 26: ask for fewer, or set allowRepeat")]
    [InlineData("""{"length":4,"digits":0,"symbols":3,"symbolCharacters":"-_-"}""", "3 symbols without repetition, but there are only 2: ask for fewer, or set allowRepeat")]
    [InlineData("""{"length":12,"digits":10,"symbols":1,"symbolCharacters":"7"}""", "10 digits without repetition, but there are only 9: ask for fewer, or set allowRepeat")]
    [InlineData("""{"digits":-1}""", "spec.digits must not be negative")]
    [InlineData("""{"symbols":-1}""", "spec.symbols must not be negative")]
    [InlineData("""{"digits":2147483647,"symbols":2147483647,"allowRepeat":true}""", "2147483647 digits and 2147483647 symbols are more than the length of 24")]
    [InlineData("""{"secretKeys":["a","a"]}""", "spec.secretKeys must be non-empty and unique")]
    [InlineData("""{"secretKeys":[""]}""", "spec.secretKeys must be non-empty and unique")]
    [InlineData("""{"encoding":"rot13"}""", "spec.encoding must be one of raw, base64, base64url, base32 and hex")]
    [InlineData("""{"length":600000,"allowRepeat":true,"secretKeys":["a","b"]}""", "passwords of 600000 characters for 2 keys are more than a Secret holds")]
    public async Task A_spec_that_no_password_fits_is_refused_by_the_check_and_when_generating(string spec, string problem) => Assert.Equal(problem, await passwords.RefusalAsync(spec));

    [Fact]
    public async Task A_spec_of_another_shape_is_refused() => Assert.Contains("length", await passwords.RefusalAsync("""{"length":"long"}"""), StringComparison.Ordinal);
}
