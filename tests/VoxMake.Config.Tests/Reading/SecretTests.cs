using VoxMake.Config.Reading;
using VoxMake.Config.Records;
using VoxMake.Secrets;
using VoxMake.Yaml;

namespace VoxMake.Config.Tests.Reading;

public class SecretTests
{
    public sealed record Account
    {
        public Secret? Token { get; init; }
        public string Name { get; init; } = "me";
    }

    private static (Account Account, ErrorList Errors) Read(string yaml)
    {
        var errors = new ErrorList();
        var text = SourceText.OfOverride("token", yaml, 0);
        var map = (MapNode)text.Value(errors)!;
        return ((Account)new RecordReader(errors, isComplete: true, text.Start).Read(RecordShape.Of(typeof(Account)), map), errors);
    }

    [Fact]
    public void A_secret_is_named_and_read_only_when_it_is_used()
    {
        var (account, errors) = Read("{ token: '${env:VOXMAKE_TEST_TOKEN}' }");
        errors.ThrowIfAny();
        Assert.Equal("VOXMAKE_TEST_TOKEN", account.Token!.Variable);
        Assert.Equal("the environment variable VOXMAKE_TEST_TOKEN holds no key: it is not set", Assert.Throws<SecretException>(account.Token.Reveal).Message);
        Environment.SetEnvironmentVariable("VOXMAKE_TEST_TOKEN", "s3cret\n"); // as a file that is read into a variable ends
        Assert.Equal("s3cret", account.Token.Reveal());
        Assert.Equal("he sent …, and … again", account.Token.Hide("he sent s3cret, and s3cret again"));
        Assert.Equal("Account { Token = ***, Name = me }", account.ToString());
        Environment.SetEnvironmentVariable("VOXMAKE_TEST_TOKEN", null);
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData(" \n", "is empty")]
    [InlineData("two words", "no blanks")]
    [InlineData("schlüssel", "ASCII only")]
    [InlineData("a\r\nHost: b", "no blanks")]
    public void What_no_header_can_carry_is_refused_without_showing_it(string value, string said)
    {
        var variable = $"VOXMAKE_TEST_{Guid.NewGuid():N}";
        Environment.SetEnvironmentVariable(variable, value);
        var error = Assert.Throws<SecretException>(new Secret(variable).Reveal);
        Assert.Contains(said, error.Message);
        Assert.Equal($"export {variable}=… before the run", error.Try);
        if (value.Trim().Length > 0) Assert.DoesNotContain(value, error.Message);
        Environment.SetEnvironmentVariable(variable, null);
    }

    [Theory]
    [InlineData("hf_abc")]
    [InlineData("12345678")]
    [InlineData("${env:1A}")]
    [InlineData("${env:}")]
    [InlineData("x${env:A}")]
    public void A_secret_in_the_file_is_an_error_that_does_not_repeat_it(string value)
    {
        var errors = Read($"{{ token: '{value}' }}").Errors;
        var error = Assert.Single(Assert.Throws<ConfigException>(errors.ThrowIfAny).Errors);
        Assert.Equal("a secret never stands in the file; write ${env:NAME} and set the environment variable NAME", error.Message);
        Assert.Null(error.SourceLine);
    }

    [Fact]
    public void Secrets_are_in_no_settings()
    {
        var settings = SettingsJson.Of(new Account { Token = new Secret("A") });
        Assert.Equal("""{"name":"me"}""", settings.All.ToJsonString());
        Assert.Equal("setting 'token' is a secret; secrets never enter settings", Assert.Throws<ArgumentException>(() => SettingsJson.Of(("token", new Secret("A")))).Message);
    }
}
